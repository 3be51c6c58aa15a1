import { beforeAll, expect, test } from "vitest";
import { pool } from "@/lib/db/pool";
import type { Comparison, Timeline } from "@/lib/replay/schema";
import { call } from "@/lib/testing/http";
import { stages } from "@/lib/testing/stages";
import * as timeline from "./[id]/timeline/route";
import * as compare from "./compare/route";

const at = stages();
const reported = async (said: [path: string, body: object][]) => (await at.report(said)).id;

const STEPS: [string, object][] = [
  [
    "1",
    {
      agent: "claude-1",
      model_id: "claude-3-opus",
      usage: { input_tokens: 1500, output_tokens: 500 },
      cost_usd: 0.045,
      response_time_ms: 150,
      context_size_bytes: 4096,
      handoff_reason: "task_complete",
      payload: { task: "analyze data" },
    },
  ],
  ["2", { cost_usd: 0.000001 }],
  ["2.1", { payload: [1, 2] }],
  ["3", { cost_usd: 0.1, status: "ok" }],
];

let id: string;
beforeAll(async () => {
  id = await reported(STEPS);
});

const get = (instance: string, query = "", key = at.world.key) =>
  call(timeline.GET, { key, path: `/?${query}`, params: { id: instance } });
const post = (body: unknown, key = at.world.key) => call(compare.POST, { method: "POST", key, body });

test("the timeline holds every field of the reference, with the costs so far", async () => {
  const { status, body } = await get(id);
  expect(status).toBe(200);
  const { timeline: steps, ...head } = body as Timeline; // documented so
  expect(head).toEqual({
    instance_id: id,
    workflow_id: expect.any(String),
    status: "running",
    total_steps: 4,
    next_cursor: null,
  });
  expect(steps[0]).toEqual({
    step: 0,
    copied: false,
    stage_path: "1",
    stage_name: null,
    status: "success",
    executed_at: expect.stringMatching(/Z$/),
    response_time_ms: 150,
    agent_code: "claude-1",
    model_id: "claude-3-opus",
    input_tokens: 1500,
    output_tokens: 500,
    cost_usd: 0.045,
    priced: true,
    cumulative_cost_usd: 0.045,
    context_size_bytes: 4096,
    handoff_reason: "task_complete",
    status_text: null,
    usage: { input_tokens: 1500, output_tokens: 500 },
    tool_calls: null,
    payload: { task: "analyze data" },
  });
  expect(steps.map((step) => [step.cost_usd, step.priced, step.cumulative_cost_usd])).toEqual([
    [0.045, true, 0.045],
    [0.000001, true, 0.045001],
    [null, false, 0.045001],
    [0.1, true, 0.145001],
  ]);
});

test("pages hold each step once, and the costs before them too", async () => {
  const whole = (await get(id)).body as Timeline; // documented so
  const seen: Timeline["timeline"] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const { body } = await get(id, `limit=3${cursor === "" ? "" : `&cursor=${cursor}`}`);
    const page = body as Timeline; // documented so
    seen.push(...page.timeline);
    cursor = page.next_cursor;
  }
  expect(seen).toEqual(whole.timeline);
});

test("an instance nobody has, another project's, and bad questions", async () => {
  expect((await get("d0000000000000000")).status).toBe(404);
  expect(await get(id, "", at.world.foreignKey)).toMatchObject({ status: 403, body: { code: "forbidden" } });
  for (const query of ["limit=0", "limit=101", "limit=x", "cursor=abc", "cursor=Wy0xXQ", "cursor=WzFlOTld"]) {
    expect((await get(id, query)).status).toBe(400);
  }
});

test("two instances are compared, and that is kept", async () => {
  const changed = STEPS.map(([path, body]): [string, object] => [path, path === "2" ? { cost_usd: 0.025001 } : body]);
  const other = await reported(changed);
  const { status, body } = await post({ instance_a: id, instance_b: other, reason: "why is it dearer" });
  expect(status).toBe(200);
  const { session_id: session, comparison } = body as { session_id: string; comparison: Comparison }; // documented so
  expect(comparison).toMatchObject({
    instance_a: { id, aggregates: { steps: 4, total_cost_usd: 0.145001, total_tokens: 2000 } },
    instance_b: { id: other },
    divergence_step: 1,
    differences: { cost_diff_usd: 0.025, token_diff: 0, time_diff_ms: expect.any(Number) },
  });
  expect(comparison.steps.map(({ kind }) => kind)).toEqual(["same", "changed", "same", "same"]);
  const stored = await pool().query(
    "SELECT kind, instance_id, other_id, actor, reason, result FROM replay_sessions WHERE id = $1",
    [session],
  );
  expect(stored.rows).toEqual([
    {
      kind: "compare",
      instance_id: id,
      other_id: other,
      actor: expect.stringMatching(/^key:/),
      reason: "why is it dearer",
      result: expect.objectContaining({ divergence_step: 1 }),
    },
  ]);
});

test("an instance beside itself does not differ", async () => {
  const { body } = await post({ instance_a: id, instance_b: id });
  expect(body).toMatchObject({
    comparison: { divergence_step: null, differences: { cost_diff_usd: 0, token_diff: 0, time_diff_ms: 0 } },
  });
});

test.each<[string, object, number, string]>([
  ["nothing", {}, 400, "invalid_input"],
  ["one alone", { instance_a: "d1" }, 400, "invalid_input"],
  ["numbers", { instance_a: 1, instance_b: 2 }, 400, "invalid_input"],
  ["what cannot be an id", { instance_a: "a b", instance_b: "d1" }, 400, "invalid_input"],
  ["a reason with NUL", { instance_a: "d1", instance_b: "d1", reason: "\0" }, 400, "invalid_input"],
  ["unknown ones", { instance_a: "d0000000000000000", instance_b: "d0000000000000001" }, 404, "not_found"],
])("%s", async (_, body, status, code) => {
  expect(await post(body)).toMatchObject({ status, body: { code } });
});

test("another project's instance, and one that is gone", async () => {
  expect(await post({ instance_a: id, instance_b: id }, at.world.foreignKey)).toMatchObject({ status: 403 });
  const gone = await reported([["1", {}]]);
  await pool().query("DELETE FROM instances WHERE id = $1", [gone]);
  expect(await post({ instance_a: id, instance_b: gone })).toMatchObject({ status: 404, body: { code: "not_found" } });
});
