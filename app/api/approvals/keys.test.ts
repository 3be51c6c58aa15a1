import { beforeAll, expect, test } from "vitest";
import type { Approval } from "@/lib/approvals/schema";
import { findCaller } from "@/lib/auth/api-keys";
import { rotateKey } from "@/lib/projects/key-commands";
import { ask } from "@/lib/testing/approvals";
import { call } from "@/lib/testing/http";
import { makeWorld, type World } from "@/lib/testing/world";
import * as claim from "./[id]/claim/route";
import * as decision from "./[id]/decision/route";
import * as all from "./route";

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});

const decide = (id: string, verdict: string, key = world.key) =>
  call(decision.POST, { method: "POST", key, params: { id }, body: { decision: verdict } });

test("an Idempotency-Key does not let a claim succeed twice", async () => {
  const id = await ask(world.project);
  await decide(id, "approve");
  const use = () =>
    call(claim.POST, {
      method: "POST",
      key: world.key,
      params: { id },
      body: {},
      headers: { "Idempotency-Key": "step-7" },
    });
  const claims = [await use(), await use()];
  expect(claims.map(({ status }) => status)).toEqual([200, 409]);
});

test("a rotated key is who it was before", async () => {
  const key = await world.project.key(["write", "approve", "admin"]);
  const caller = await findCaller(key);
  if (caller === null) throw new Error("the key was just made");
  const { body } = await call(all.POST, { method: "POST", key, body: { context: "Drop the table", risk: "high" } });
  const id = (body as Approval).approval_id; // documented so
  const own = await ask(world.project, { need: 2 });
  expect((await decide(own, "approve", key)).status).toBe(200);
  const path = { projectId: world.project.id, keyId: caller.actor.slice("key:".length) };
  const { key: next } = await rotateKey(world.project.caller, path, { overlap_seconds: 60 });
  expect(await decide(id, "approve", next)).toMatchObject({ status: 403, body: { code: "own_request" } });
  expect(await decide(own, "approve", next)).toMatchObject({ status: 409, body: { code: "already_voted" } });
});
