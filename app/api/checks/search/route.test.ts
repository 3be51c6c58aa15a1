import { expect, test } from "vitest";
import { makeCheck } from "@/lib/testing/checks";
import { call } from "@/lib/testing/http";
import { makePerson } from "@/lib/testing/people";
import { makeWorld } from "@/lib/testing/world";
import { GET } from "./route";

const search = (headers: Record<string, string>, q = "backup") =>
  call(GET, { path: `/?${new URLSearchParams({ q })}`, headers });

test("a person finds checks of the project they look at, and of no other", async () => {
  const { project, foreign } = await makeWorld();
  const id = await makeCheck(project.id, { name: "Nightly backup", slug: "nightly" });
  await makeCheck(foreign.id, { name: "Foreign backup" });
  const viewer = await makePerson({ memberships: { [project.id]: "viewer" } });
  expect((await search(viewer.headers(project.id))).body).toEqual({
    checks: [{ id, name: "Nightly backup", slug: "nightly" }],
  });
  expect((await search(viewer.headers(foreign.id))).status).toBe(404);
  const charlie = await makePerson({ memberships: { [foreign.id]: "owner" } });
  expect((await search(charlie.headers(foreign.id))).body).toMatchObject({ checks: [{ name: "Foreign backup" }] });
  expect((await search({})).status).toBe(401);
});

test("what is missing or too long is refused", async () => {
  const { key } = await makeWorld();
  for (const path of ["/", `/?q=${"x".repeat(201)}`])
    expect(await call(GET, { key, path })).toMatchObject({ status: 400, body: { invalid_params: [{ name: "q" }] } });
});
