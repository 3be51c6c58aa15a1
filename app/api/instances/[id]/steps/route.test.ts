import { beforeEach, describe, expect, test } from "vitest";
import { pool } from "@/lib/db/pool";
import { call } from "@/lib/testing/http";
import { makePerson } from "@/lib/testing/people";
import { makeInstance, makeWorkflow } from "@/lib/testing/workflows";
import { makeWorld, type World } from "@/lib/testing/world";
import { fromColumns } from "@/lib/workflows/instance/columns";
import type { StepsPage } from "@/lib/workflows/instance/schema";
import { GET as GET_STEP } from "./[step]/route";
import { GET } from "./route";

const T0 = Date.UTC(2026, 0, 5, 12);
let world: World;
let id: string;
beforeEach(async () => {
  world = await makeWorld();
  const workflow = await makeWorkflow(world.project.id);
  const steps = [
    { path: "1", stageName: "Load", agent: "loader" },
    { path: "2.1", status: "failed" as const },
    { path: "2.2", stageName: "Train", agent: "trainer", handoffReason: "loaded" },
  ];
  id = await makeInstance(world.project.id, workflow, { startedAt: T0, steps });
});

const ask = (path = "/", key = world.key) => call(GET, { path, key, params: { id } });
const askStep = (step: string, key = world.key) => call(GET_STEP, { key, params: { id, step } });

describe("the steps of an instance", () => {
  test("come as columns, with how it fares", async () => {
    const { status, body } = await ask();
    const { instance, steps } = body as StepsPage; // as it is documented
    expect([status, instance]).toMatchObject([200, { id, status: "running", total_steps: 3, due_at: null }]);
    expect(fromColumns(steps)).toEqual([
      { path: "1", name: "Load", agent: "loader", at: T0, isFailed: false, isFinal: false },
      { path: "2.1", name: null, agent: null, at: T0 + 1000, isFailed: true, isFinal: false },
      { path: "2.2", name: "Train", agent: "trainer", at: T0 + 2000, isFailed: false, isFinal: false },
    ]);
  });

  test("come from the one after that is asked for", async () => {
    const { steps } = (await ask("/?after=1")).body as StepsPage; // as it is documented
    expect([steps.first, steps.texts]).toEqual([2, ["2.2", "Train", "trainer"]]);
    expect(((await ask("/?after=2")).body as StepsPage).steps.path).toEqual([]); // as it is documented
    expect((await ask("/?after=x")).status).toBe(400);
  });

  test("are for those who may read alone", async () => {
    const stranger = await makePerson({ memberships: { [world.foreign.id]: "owner" } });
    expect((await ask("/", world.foreignKey)).status).toBe(403);
    expect((await ask("/", await world.project.key(["ping"]))).status).toBe(403);
    expect((await call(GET, { params: { id } })).status).toBe(401);
    expect((await call(GET, { params: { id }, headers: stranger.headers(world.foreign.id) })).status).toBe(404);
  });
});

describe("one step", () => {
  test("comes with everything that is kept of it", async () => {
    await pool().query(
      `UPDATE stage_executions SET status_text = 'fine', response_time_ms = 1250, model_id = 'large', input_tokens = 1500,
              output_tokens = 500, cost_micros = 45001, computed_micros = 30000, context_size_bytes = 4096, usage = '{"total_tokens": 2000}',
              tool_calls = '[{"tool_name": "search"}]', payload = '{"rows": [1, 2]}' WHERE instance_id = $1 AND ordinal = 2`,
      [id],
    );
    await pool().query("UPDATE stage_executions SET cost_micros = 5000 WHERE instance_id = $1 AND ordinal = 1", [id]);
    expect((await askStep("2")).body).toEqual({
      step: 2,
      stage_path: "2.2",
      stage_name: "Train",
      status: "success",
      agent_code: "trainer",
      executed_at: "2026-01-05T12:00:02.000Z",
      response_time_ms: 1250,
      is_final: false,
      handoff_reason: "loaded",
      status_text: "fine",
      model_id: "large",
      input_tokens: 1500,
      output_tokens: 500,
      cost_usd: 0.045001,
      computed_cost_usd: 0.03,
      differs: true,
      cumulative_cost_usd: 0.050001,
      context_size_bytes: 4096,
      usage: { total_tokens: 2000 },
      tool_calls: [{ tool_name: "search" }],
      payload: { rows: [1, 2] },
      span_id: null,
    });
    expect((await askStep("0")).body).toMatchObject({
      payload: null,
      span_id: null,
      cost_usd: null,
      computed_cost_usd: null,
      differs: false,
      cumulative_cost_usd: 0,
    });
  });

  test("is not there when it has not come, or is none", async () => {
    for (const step of ["3", "-1", "x", "1e3", "99999999999"]) expect((await askStep(step)).status, step).toBe(404);
    expect((await askStep("0", world.foreignKey)).status).toBe(403);
  });
});
