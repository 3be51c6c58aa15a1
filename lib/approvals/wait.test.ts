import { setMaxListeners } from "node:events";
import { beforeAll, expect, test } from "vitest";
import { ask } from "@/lib/testing/approvals";
import { makeWorld, type World } from "@/lib/testing/world";
import { decideApproval } from "./commands";
import { waitForApproval } from "./wait";
import { DecisionWatch, theDecisionWatch } from "./watch";

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});

const device = { address: "", userAgent: "" };
const never = new AbortController().signal;
setMaxListeners(0, never);
const decide = (id: string) => decideApproval(world.project.caller, { id, decision: "approve", device });
const wait = (id: string, seconds: number, signal: AbortSignal = never) =>
  waitForApproval(world.project.caller, { id, seconds, signal });

test("all who wait are told when it is decided, and at once when it is", async () => {
  const id = await ask(world.project);
  const waiting = Array.from({ length: 50 }, () => wait(id, 30));
  await decide(id);
  const told = await Promise.all(waiting);
  expect(new Set(told.map(({ status, result }) => `${status} ${result}`))).toEqual(new Set(["approved 1"]));
  const began = performance.now();
  expect(await wait(id, 60)).toEqual(told[0]);
  expect(performance.now() - began).toBeLessThan(20_000);
});

test("patience ends: it is still open", async () => {
  const id = await ask(world.project);
  expect(await wait(id, 0)).toMatchObject({ status: "pending" });
  expect(await wait(id, 0.3)).toMatchObject({ status: "pending", result: null });
  expect(theDecisionWatch().waiting).toBe(0);
});

test("who goes away is not waited for, and who is let go is answered", async () => {
  const id = await ask(world.project);
  const watch = new DecisionWatch();
  const leaving = new AbortController();
  const one = watch.wait(id, { ms: 60_000, signal: leaving.signal });
  const other = watch.wait(id, { ms: 60_000, signal: never });
  expect(watch.waiting).toBe(2);
  leaving.abort();
  expect(await one).toBeNull();
  expect(watch.waiting).toBe(1);
  watch.stop();
  expect(await other).toBeNull();
  expect(await watch.wait(id, { ms: 60_000, signal: never })).toBeNull();
  expect(watch.waiting).toBe(0);
});

test("those who wait for what is open stay while others are told", async () => {
  const ids = await Promise.all(Array.from({ length: 30 }, () => ask(world.project)));
  const watch = new DecisionWatch();
  const waiting = ids.flatMap((id) => [1, 2, 3].map(() => watch.wait(id, { ms: 60_000, signal: never })));
  await Promise.all(ids.slice(0, 29).map(decide));
  const last = watch.wait(ids[29] ?? "", { ms: 400, signal: never });
  const told = await Promise.all(waiting.slice(0, 87));
  expect(told.every((approval) => approval?.status === "approved")).toBe(true);
  expect(await last).toBeNull();
  expect(watch.waiting).toBe(3);
  watch.stop();
});
