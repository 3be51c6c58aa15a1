import { beforeEach, describe, expect, test } from "vitest";
import type { Caller } from "@/lib/auth/caller";
import { pool } from "@/lib/db/pool";
import { makePerson } from "@/lib/testing/people";
import { makeInstance, makeWorkflow, staticRules } from "@/lib/testing/workflows";
import { makeWorld, type World } from "@/lib/testing/world";
import {
  getInstance,
  getTree,
  getWorkflow,
  listHandoffs,
  listInstanceRows,
  listInstances,
  listRejected,
  listSteps,
  listWorkflows,
} from "./queries";

const T0 = Date.UTC(2026, 0, 5, 12);
const MINUTE = 60_000;
let world: World;
let caller: Caller;
let projectId: string;
beforeEach(async () => {
  world = await makeWorld();
  caller = world.project.caller;
  projectId = world.project.id;
});

const refusal = (code: string) => expect.objectContaining({ code });

describe("workflows", () => {
  test("are listed newest first in pages, each once, and found by name and id", async () => {
    const ids = [];
    for (const name of ["Alpha", "Beta", "Gamma"]) ids.unshift(await makeWorkflow(projectId, { name }));
    // Two of one moment are told apart by their ids.
    await pool().query("UPDATE workflows SET created_at = now() WHERE name IN ('Alpha', 'Beta')");
    const first = await listWorkflows(caller, { limit: 2 });
    const second = await listWorkflows(caller, { limit: 2, cursor: first.nextCursor ?? "" });
    expect(second.nextCursor).toBeNull();
    expect([...first.items, ...second.items].map(({ id }) => id).sort()).toEqual(ids.sort());
    expect((await listWorkflows(caller, { limit: 9, q: "bet" })).items.map(({ name }) => name)).toEqual(["Beta"]);
    expect((await listWorkflows(caller, { limit: 9, q: ids[0]?.toUpperCase() })).items).toHaveLength(1);
    expect((await listWorkflows(caller, { limit: 9, q: "%" })).items).toEqual([]);
    await expect(listWorkflows(caller, { limit: 9, cursor: "W10" })).rejects.toEqual(refusal("invalid_input"));
  });

  test("show their definition and where stages are reported", async () => {
    const rules = staticRules(2, { mode: "strict", strictAgents: true, graceSeconds: 60, instanceTimeoutSeconds: 600 });
    const id = await makeWorkflow(projectId, { name: "Nightly", rules });
    expect(await getWorkflow(caller, id)).toEqual({
      id,
      kind: "static",
      name: "Nightly",
      validation_mode: "strict",
      strict_agents: true,
      grace_period_seconds: 60,
      instance_timeout_seconds: 600,
      stages: [
        { order: 1, name: "Stage 1", timeout_seconds: null },
        { order: 2, name: "Stage 2", timeout_seconds: null },
      ],
      channels: null,
      version: 1,
      health: "new",
      running_instances: 0,
      last_instance: null,
      muted_until: null,
      url: `http://pulsetrail.test/shk/${id}`,
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
  });

  test("fare as their newest instances do", async () => {
    const id = await makeWorkflow(projectId);
    const health = async () => (await getWorkflow(caller, id)).health;
    const first = await makeInstance(projectId, id, { startedAt: T0 });
    expect(await health()).toBe("running");
    await pool().query("UPDATE instances SET status = 'completed', ended_at = now() WHERE id = $1", [first]);
    expect(await health()).toBe("healthy");
    const paused = await makeInstance(projectId, id, { startedAt: T0 + 1, status: "paused" });
    expect(await health()).toBe("running");
    // It began before others and outlasted them.
    await makeInstance(projectId, id, { status: "failed", startedAt: T0 - 1, endedAt: Date.now() + MINUTE });
    expect(await getWorkflow(caller, id)).toMatchObject({
      health: "failing",
      running_instances: 0,
      last_instance: { id: paused, status: "paused", started_at: new Date(T0 + 1).toISOString(), completed_at: null },
    });
    await makeInstance(projectId, id, { startedAt: T0 + 2 });
    expect(await getWorkflow(caller, id)).toMatchObject({ health: "failing", running_instances: 1 });
  });

  test("of another project are forbidden to keys where the id is ours, and missing otherwise", async () => {
    const ours = await makeWorkflow(world.foreign.id);
    const slug = await makeWorkflow(world.foreign.id, { id: "ml_pipeline" });
    const bob = await makePerson({ memberships: { [projectId]: "viewer" } });
    const person = await bob.caller(projectId);
    await expect(getWorkflow(caller, ours)).rejects.toEqual(refusal("forbidden"));
    await expect(getWorkflow(caller, slug)).rejects.toEqual(refusal("not_found"));
    await expect(getWorkflow(person, ours)).rejects.toEqual(refusal("not_found"));
    await expect(getWorkflow(caller, "with\0nul")).rejects.toEqual(refusal("not_found"));
    await expect(getWorkflow(caller, `dwf_${"0".repeat(16)}`)).rejects.toEqual(refusal("not_found"));
    expect((await listWorkflows(caller, { limit: 9 })).items).toEqual([]);
    const mine = await makeWorkflow(projectId, { id: "ml_pipeline", name: "Mine" });
    expect((await getWorkflow(person, mine)).name).toBe("Mine");
  });
});

test("refused signals are paged, newest first", async () => {
  const id = await makeWorkflow(projectId);
  await pool().query(
    `INSERT INTO rejected_pings (project_id, workflow_id, at, code, expected, received, agent, raw)
     SELECT $1, $2, to_timestamp(n), 'stage_missed', '2', n::text, 'a', jsonb_build_object('stage', n) FROM generate_series(3, 5) n`,
    [projectId, id],
  );
  const first = await listRejected(caller, id, { limit: 2 });
  expect(first.items[0]).toEqual({
    id: expect.any(Number),
    instance_id: null,
    code: "stage_missed",
    expected: "2",
    received: "5",
    agent_code: "a",
    rejected_at: "1970-01-01T00:00:05.000Z",
    raw: { stage: 5 },
  });
  const rest = await listRejected(caller, id, { limit: 2, cursor: first.nextCursor ?? "" });
  expect([...first.items, ...rest.items].map(({ received }) => received)).toEqual(["5", "4", "3"]);
  expect(rest.nextCursor).toBeNull();
});

test("hand-offs are counted by pair, with the gap and the most frequent reasons", async () => {
  const id = await makeWorkflow(projectId);
  await pool().query(
    `INSERT INTO handoffs (project_id, workflow_id, at, instance_id, ordinal, from_agent, to_agent, gap_ms, reason)
     SELECT $1, $2, now() - age * interval '1 day', 'i', n, f, t, gap, reason
       FROM (VALUES (1, 0, 'a', 'b', 100, 'done'), (2, 0, 'a', 'b', 300, 'stuck'), (3, 1, 'a', 'b', 200, 'stuck'),
                    (4, 2, 'a', 'b', 203, NULL), (5, 0, 'b', 'a', 7, NULL), (6, 40, 'b', 'a', 9, 'old')) AS v (n, age, f, t, gap, reason)`,
    [projectId, id],
  );
  expect(await listHandoffs(caller, id, { days: 30 })).toEqual([
    {
      from_agent: "a",
      to_agent: "b",
      count: 4,
      average_gap_ms: 201,
      max_gap_ms: 300,
      last_at: expect.any(String),
      reasons: [
        { reason: "stuck", count: 2 },
        { reason: "done", count: 1 },
      ],
    },
    {
      from_agent: "b",
      to_agent: "a",
      count: 1,
      average_gap_ms: 7,
      max_gap_ms: 7,
      last_at: expect.any(String),
      reasons: [],
    },
  ]);
});

test("nothing is read without the scope", async () => {
  const id = await makeWorkflow(projectId);
  const instance = await makeInstance(projectId, id);
  const ping: Caller = { ...caller, scopes: new Set(["ping"]) };
  const asked = [
    listWorkflows(ping, { limit: 1 }),
    getWorkflow(ping, id),
    listInstances(ping, id, { limit: 1 }),
    listInstanceRows(ping, id, { limit: 1 }),
    getTree(ping, id),
    getInstance(ping, instance),
    listSteps(ping, instance, { after: null, limit: 1 }),
    listRejected(ping, id, { limit: 1 }),
    listHandoffs(ping, id, { days: 1 }),
  ];
  const answers = await Promise.allSettled(asked);
  for (const answer of answers) expect(answer).toMatchObject({ status: "rejected", reason: { code: "forbidden" } });
});
