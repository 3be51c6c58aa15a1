import { randomUUID } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { badgeId } from "@/lib/checks/badge";
import { createCheck } from "@/lib/checks/commands";
import { checkObject } from "@/lib/checks/dto";
import { call } from "@/lib/testing/http";
import { signal } from "@/lib/testing/signals";
import { makeWorld } from "@/lib/testing/world";
import { GET, POST } from "./route";

let id: string;
let url: string;
beforeAll(async () => {
  const { project } = await makeWorld();
  const { check } = await createCheck(project.caller, {
    input: { name: "Backup <b>", timeout: 60, grace: 600 },
    version: 3,
  });
  await signal(check.id, { agoMs: 120_000 });
  id = check.id;
  url = checkObject(check, { version: 3, canWrite: false }).badge_url;
});

const badge = (states: string, file: string) => call(GET, { params: { states, file } });

test("the address in the check object leads here", async () => {
  const file = url.split("/").at(-1) ?? "";
  const answer = await badge("2", file);
  expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "image/svg+xml"]);
  expect(answer.text).toMatch(/^<svg .*Backup &lt;b&gt;.*<\/svg>$/);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    "access-control-allow-origin": "*",
    "cache-control": "no-cache",
    "content-security-policy": "default-src 'none'",
    "x-content-type-options": "nosniff",
  });
});

test("two states and three, as json and for shields.io", async () => {
  const name = badgeId(id);
  expect((await badge("2", `${name}.json`)).body).toEqual({ status: "up", total: 1, grace: 1, down: 0 });
  expect((await badge("3", `${name}.json`)).body).toEqual({ status: "late", total: 1, grace: 1, down: 0 });
  expect((await badge("3", `${name}.shields`)).body).toEqual({
    schemaVersion: 1,
    label: "Backup <b>",
    message: "late",
    color: "important",
  });
});

test("the uuid of a check is not the name of its badge", async () => {
  expect((await badge("2", `${id}.svg`)).status).toBe(404);
});

test("anything else is not there", async () => {
  const name = badgeId(id);
  for (const [states, file] of [
    ["4", `${name}.svg`],
    ["2", `${name}.png`],
    ["2", name],
    ["2", `${randomUUID()}.svg`],
    ["2", `${name.toUpperCase()}.svg`],
    ["2", "x.svg"],
  ] as const) {
    expect((await badge(states, file)).status).toBe(404);
  }
  expect((await call(POST, { method: "POST" })).status).toBe(405);
});
