import { beforeAll, describe, expect, test } from "vitest";
import { pool } from "@/lib/db/pool";
import { type Answered, call } from "@/lib/testing/http";
import { stages } from "@/lib/testing/stages";
import * as fork from "./[id]/fork/route";
import * as lineage from "./[id]/lineage/route";
import * as rerun from "./[id]/rerun/route";
import * as one from "./[id]/route";
import * as sessions from "./[id]/sessions/route";
import * as timeline from "./[id]/timeline/route";

const at = stages();
const UUID = expect.stringMatching(/^[0-9a-f-]{36}$/);

type Body = Record<string, unknown>;
const bodyOf = ({ body }: Answered): Body => body as Body; // all answers are objects

const post = (handler: typeof fork.POST, id: string, body: unknown, key = at.world.key) =>
  call(handler, { method: "POST", key, body, params: { id }, path: `/api/instances/${id}` });
const get = async (handler: typeof one.GET, id: string) =>
  bodyOf(await call(handler, { key: at.world.key, params: { id } }));
const stepsOf = async (id: string) => (await get(timeline.GET, id))["timeline"] as Body[]; // documented so

const STEPS: [string, object][] = [
  ["1", { agent: "a", cost_usd: 0.5, payload: { task: "analyze", keep: { x: 1 } }, response_time_ms: 12 }],
  [
    "2",
    { agent: "b", cost_usd: 0.25, payload: { modified_input: "old" }, usage: { input_tokens: 3, output_tokens: 4 } },
  ],
  ["2.1", { payload: ["a list"] }],
  ["2", { cost_usd: 0.125, payload: { modified_input: "again" } }],
  ["3", { cost_usd: 1, payload: { done: true } }],
];

/** Everything that is stored of an instance and its steps. */
async function stored(id: string): Promise<unknown> {
  const { rows } = await pool().query("SELECT * FROM instances WHERE id = $1", [id]);
  return { rows, steps: await at.steps(id) };
}

describe("a fork", () => {
  let origin: { workflow: string; id: string };
  beforeAll(async () => {
    origin = await at.report(STEPS);
  });

  test("answers as the reference shows and leaves its origin as it was", async () => {
    const before = await stored(origin.id);
    const { status, body } = await post(fork.POST, origin.id, {
      fork_from_stage: "2",
      payload_modifications: { "1": { retry: true }, "2": { modified_input: "new value" }, "4": { later: 1 } },
      reason: "What if it had asked first?",
    });
    expect(status).toBe(201);
    expect(body).toEqual({
      forked_instance_id: expect.stringMatching(/^d[0-9a-z]{16}$/),
      session_id: UUID,
      fork_from_stage: "2",
      // Up to and with the newest of the stage.
      stages_copied: 4,
    });
    expect(await stored(origin.id)).toEqual(before);
  });

  test("holds copies of all steps, changed where that was asked, and goes on from there", async () => {
    const forked = bodyOf(
      await post(fork.POST, origin.id, {
        fork_from_stage: "2.1",
        payload_modifications: {
          "1": { retry: true, keep: { x: null } },
          "2.1": { was: "a list" },
          "3": { done: false, more: [] },
        },
      }),
    );
    const id = String(forked["forked_instance_id"]);
    expect(await get(one.GET, id)).toMatchObject({
      id,
      workflow_id: origin.workflow,
      status: "running",
      completed_at: null,
      agent_code: "a",
      total_steps: 3,
      total_cost_usd: 0.75,
      copied_cost_usd: 0.75,
      origin_instance_id: origin.id,
      fork_from_stage: "2.1",
      session_id: forked["session_id"],
      payload_overrides: { "3": { done: false, more: [] } },
    });
    const [first, ...others] = (await stepsOf(origin.id)).slice(0, 3);
    expect(await stepsOf(id)).toEqual([
      { ...first, copied: true, payload: { task: "analyze", keep: {}, retry: true } },
      { ...others[0], copied: true },
      { ...others[1], copied: true, payload: { was: "a list" } },
    ]);
    const next = await at.post(`/dhk/${origin.workflow}?stagePath=3&final=yes&instance_id=${id}`, {
      cost_usd: 0.5,
      payload: { done: true, own: 1 },
    });
    expect(next).toMatchObject({ status: 200, body: { instance_id: id, workflow_status: "completed" } });
    const steps = await stepsOf(id);
    expect(steps[3]).toMatchObject({ step: 3, copied: false, payload: { done: false, own: 1, more: [] } });
    expect(await get(one.GET, id)).toMatchObject({ total_cost_usd: 1.25, copied_cost_usd: 0.75, status: "completed" });
  });

  test("overrides reach stages that come without any payload", async () => {
    const forked = await post(rerun.POST, origin.id, { payload_modifications: { "1": { retry_attempt: 2 } } });
    const id = String(bodyOf(forked)["new_instance_id"]);
    await at.send(`/dhk/${origin.workflow}?stagePath=1&instance_id=${id}`);
    expect((await stepsOf(id))[0]).toMatchObject({ payload: { retry_attempt: 2 }, cost_usd: null });
  });

  test("runs also when what was copied had ended", async () => {
    const { workflow, id } = await at.report([["1", {}]]);
    await at.send(`/dhk/${workflow}?stagePath=2&final=yes`);
    const forked = bodyOf(await post(fork.POST, id, { fork_from_stage: "2" }));
    expect(await get(one.GET, String(forked["forked_instance_id"]))).toMatchObject({
      status: "running",
      total_steps: 2,
    });
    const failed = await at.report([["1", { status: "failed" }]]);
    const again = bodyOf(await post(fork.POST, failed.id, { fork_from_stage: "1" }));
    expect(await get(one.GET, String(again["forked_instance_id"]))).toMatchObject({
      status: "running",
      failure_reason: null,
    });
  });

  test("can be forked itself, and all of them know one another", async () => {
    const first = bodyOf(await post(fork.POST, origin.id, { fork_from_stage: "1", reason: "first" }));
    const second = bodyOf(await post(fork.POST, String(first["forked_instance_id"]), { fork_from_stage: "1" }));
    const third = bodyOf(await post(rerun.POST, String(second["forked_instance_id"]), {}));
    const ids = [first["forked_instance_id"], second["forked_instance_id"], third["new_instance_id"]].map(String);
    expect((await stepsOf(ids[1] ?? "")).map(({ copied }) => copied)).toEqual([true]);
    for (const id of [origin.id, ...ids]) {
      const { nodes, is_whole } = (await get(lineage.GET, id)) as { nodes: Body[]; is_whole: boolean }; // documented so
      expect(is_whole).toBe(true);
      expect(nodes[0]).toMatchObject({ id: origin.id, origin_instance_id: null, kind: null });
      expect(nodes.filter((node) => ids.includes(String(node["id"])))).toMatchObject([
        { id: ids[0], origin_instance_id: origin.id, kind: "fork", fork_from_stage: "1", reason: "first" },
        { id: ids[1], origin_instance_id: ids[0], kind: "fork" },
        { id: ids[2], origin_instance_id: ids[1], kind: "rerun", fork_from_stage: null },
      ]);
    }
  });

  test("a long line and a large family are told as far as they can be, and never without the one that is asked for", async () => {
    const { id } = await at.report([["1", {}]]);
    // A line of 150 after one another, and 300 forks of the first.
    await pool().query(
      `INSERT INTO instances (project_id, id, workflow_id, seq, version, started_at, last_signal_at, progress_at, origin_id)
       SELECT project_id, $2 || 'n' || n, workflow_id, n + 1, 1, now(), now(), now(), CASE WHEN n = 1 OR n > 150 THEN id ELSE $2 || 'n' || n - 1 END
         FROM instances, generate_series(1, 450) AS n WHERE project_id = $1 AND id = $2`,
      [at.world.project.id, id],
    );
    const of = async (one: string) => (await get(lineage.GET, one)) as { nodes: Body[]; is_whole: boolean }; // documented so
    const [last, fork] = [await of(`${id}n150`), await of(`${id}n450`)];
    expect(last.nodes.map((node) => node["id"])).toContain(`${id}n150`);
    expect(fork.nodes.map((node) => node["id"])).toEqual(expect.arrayContaining([id, `${id}n450`]));
    expect([last.is_whole, fork.is_whole, fork.nodes.length]).toEqual([false, false, 200]);
    const told = new Set(fork.nodes.map((node) => node["id"]));
    for (const node of fork.nodes) if (node["kind"] !== null) expect(told).toContain(node["origin_instance_id"]);
  });

  test("is remembered with who did it and why, on both sides", async () => {
    const { id } = await at.report(STEPS.slice(0, 1));
    const modified = { "1": { a: 1 } };
    const asked = { fork_from_stage: "1", payload_modifications: modified, reason: "because" };
    const forked = bodyOf(await post(fork.POST, id, asked));
    await post(rerun.POST, id, {});
    const all = (await get(sessions.GET, id))["sessions"] as Body[]; // documented so
    expect(all.map(({ kind }) => kind)).toEqual(["rerun", "fork"]);
    const told = {
      id: forked["session_id"],
      kind: "fork",
      instance_id: id,
      other_instance_id: forked["forked_instance_id"],
      actor: expect.stringMatching(/^key:/),
      reason: "because",
      fork_from_stage: "1",
      payload_modifications: modified,
      divergence_step: null,
      claimed_by: null,
      created_at: expect.any(String),
    };
    expect(all[1]).toEqual(told);
    expect((await get(sessions.GET, String(forked["forked_instance_id"])))["sessions"]).toEqual([told]);
    const first = await call(sessions.GET, { key: at.world.key, params: { id }, path: "/?limit=1" });
    const cursor = String(bodyOf(first)["next_cursor"]);
    const rest = await call(sessions.GET, { key: at.world.key, params: { id }, path: `/?limit=1&cursor=${cursor}` });
    expect([bodyOf(first)["sessions"], bodyOf(rest)["sessions"]]).toEqual([[all[0]], [all[1]]]);
    expect(bodyOf(rest)["next_cursor"]).toBeNull();
  });
});

describe("a rerun", () => {
  test("answers as the reference shows, and begins with nothing", async () => {
    const { id, workflow } = await at.report(STEPS);
    const { status, body } = await post(rerun.POST, id, { payload_modifications: { "1": { retry_attempt: 2 } } });
    expect(status).toBe(201);
    expect(body).toEqual({
      new_instance_id: expect.stringMatching(/^d[0-9a-z]{16}$/),
      session_id: UUID,
      message: "Instance created and ready for re-execution",
    });
    const made = await get(one.GET, String(bodyOf({ body } as Answered)["new_instance_id"]));
    expect(made).toMatchObject({
      workflow_id: workflow,
      status: "running",
      total_steps: 0,
      agent_code: null,
      origin_instance_id: id,
      fork_from_stage: null,
      payload_overrides: { "1": { retry_attempt: 2 } },
    });
  });
});

describe("in a static workflow", () => {
  test("strict mode goes on after the stage that was forked from", async () => {
    const workflow = await at.strict(3);
    const [began] = await at.each([1, 2].map((stage) => `/shk/${workflow}?stage=${stage}`));
    const origin = String(began?.body["instance_id"]);
    const forked = bodyOf(await post(fork.POST, origin, { fork_from_stage: "1" }));
    const id = String(forked["forked_instance_id"]);
    expect(id).toMatch(/^s/);
    const refused = await at.send(`/shk/${workflow}?stage=3&instance_id=${id}`);
    expect(refused).toMatchObject({ status: 400, body: { code: "stage_missed", expected: 2 } });
    const answers = await at.each([2, 3].map((stage) => `/shk/${workflow}?stage=${stage}&instance_id=${id}`));
    expect(answers.map(({ body }) => body["workflow_status"])).toEqual(["running", "completed"]);
    expect((await at.instances(workflow)).map(({ status }) => status)).toEqual(["running", "completed"]);
  });

  test("modifications of stages that it does not declare are refused", async () => {
    const workflow = await at.strict(2);
    const began = await at.send(`/shk/${workflow}?stage=1`);
    const origin = String(began.body["instance_id"]);
    for (const path of ["0", "1.5", "3"]) {
      const asked = { fork_from_stage: "1", payload_modifications: { [path]: {} } };
      expect(bodyOf(await post(fork.POST, origin, asked))).toMatchObject({ status: 400, code: "unknown_stage" });
    }
    expect(await at.instances(workflow)).toHaveLength(1);
  });
});
