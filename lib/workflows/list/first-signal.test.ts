import { expect, test } from "vitest";
import { makePerson } from "@/lib/testing/people";
import { makeWorld } from "@/lib/testing/world";
import { getFirstSignal } from "./first-signal";

test("the key is for who may write, and only while it is shown", async () => {
  const { project } = await makeWorld();
  const { url, pingKey } = await getFirstSignal(project.caller, true);
  expect(pingKey).toBe(project.pingKey);
  expect(url).toMatch(/^https?:.*\/dhk$/);
  expect((await getFirstSignal(project.caller, false)).pingKey).toBeNull();
  const viewer = await makePerson({ memberships: { [project.id]: "viewer" } });
  expect((await getFirstSignal(await viewer.caller(project.id), true)).pingKey).toBeNull();
});
