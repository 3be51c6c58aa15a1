import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pool } from "@/lib/db/pool";
import { forkInstance } from "@/lib/replay/fork";
import { planOf } from "@/lib/testing/explain";
import { recount } from "@/lib/testing/recount";
import { freshId, stages } from "@/lib/testing/stages";
import { postSpans, stepsOf, TestTrace } from "@/lib/testing/traces";
import { repriceSteps, setOwnPrice } from "./price-commands";
import { UNPRICED } from "./price-queries";
import type { OwnPrice } from "./price-schema";
import { ownPricesNow, repriceUnpriced } from "./reprice";
import { FIND_WAITING, waitingModels } from "./store/unpriced";

const at = stages();

let made = 0;
/** A model that no price list has, and no other test. */
function freshModel(): string {
  made += 1;
  return `house/model-${made}:v1`;
}

/** Dollars for a million tokens. */
const price = (model: string, input: number, output = input): OwnPrice => ({
  model,
  input_usd_per_mtok: input,
  output_usd_per_mtok: output,
  cache_read_usd_per_mtok: null,
  cache_write_usd_per_mtok: null,
});

const setPrice = (...told: Parameters<typeof price>) => setOwnPrice(at.world.project.caller, price(...told));
const soon = () => performance.now() + 60_000;
const usage = { input_tokens: 1000, output_tokens: 100 };

async function expectExact(workflow: string): Promise<void> {
  const { kept, counted } = await recount(workflow);
  expect(kept).toEqual(counted);
}

const told = fc.record(
  {
    cost_usd: fc.integer({ min: 0, max: 3_000_000 }).map((micros) => micros / 1_000_000),
    model_id: fc.constantFrom("gpt-4o", "MINE", "MINE", "nobody-knows-1"),
    usage: fc.record({ input_tokens: fc.nat(5000), output_tokens: fc.nat(500) }),
    agent: fc.constantFrom("Researcher", "Writer"),
    tags: fc.uniqueArray(fc.constantFrom("acme", "beta", "nightly"), { maxLength: 3 }),
  },
  { requiredKeys: [] },
);
const step = fc.record({ instance: fc.nat(2), isFinal: fc.boolean(), body: told });
const history = fc.array(step, { minLength: 1, maxLength: 15 });

test("sums are what a recount finds when steps get a price later, also with forks and while others come", async () => {
  await fc.assert(
    fc.asyncProperty(history, history, fc.boolean(), async (before, meanwhile, isForked) => {
      const model = freshModel();
      const workflow = freshId();
      const named = (body: { model_id?: string }) => ({ ...body, model_id: body.model_id?.replace("MINE", model) });
      const begin = async () =>
        String(
          (await at.post(`/dhk/${workflow}?stagePath=1&start=yes`, { model_id: model, usage, tags: ["acme"] })).body[
            "instance_id"
          ],
        );
      const ids = [await begin(), await begin(), await begin()];
      const send = (steps: typeof before, from: number) =>
        steps.map(({ instance, isFinal, body }, index) =>
          at.post(
            `/dhk/${workflow}?stagePath=${from + index}&instance_id=${ids[instance]}${isFinal ? "&final=yes" : ""}`,
            named(body),
          ),
        );
      await Promise.all(send(before, 2));
      if (isForked) {
        const forked = { fork_from_stage: "1", payload_modifications: {} };
        ids[2] = (await forkInstance(at.world.project.caller, ids[0] ?? "", forked)).forked_instance_id;
      }
      await expectExact(workflow);
      await Promise.all([...send(meanwhile, 100), setPrice(model, 2.5, 10)]);
      await expectExact(workflow);
      // What came before the price was known to whoever took it.
      expect(await repriceSteps(at.world.project.caller, { model_id: null })).toMatchObject({ remaining_steps: 0 });
      await expectExact(workflow);
      const left = await pool().query(
        "SELECT FROM stage_executions WHERE model_id = $1 AND cost_micros IS NULL AND input_tokens IS NOT NULL",
        [model],
      );
      expect(left.rowCount).toBe(0);
    }),
    { numRuns: 15 },
  );
}, 60_000);

describe("a step that waited for a price", () => {
  test("costs what it would have cost, and those that have a price keep it", async () => {
    const model = freshModel();
    const { id, workflow } = await at.report([
      ["1", { model_id: model, usage: { ...usage, cache_read_input_tokens: 5000 } }],
      ["2", { model_id: model, usage, cost_usd: 7 }],
      ["3", { model_id: model }],
    ]);
    expect(await setPrice(model, 2, 10)).toMatchObject({ repriced_steps: 1, remaining_steps: 0 });
    // 6,000 at $2 and 100 at $10 a million.
    expect((await at.steps(id)).map((one) => [one.cost_micros, one.computed_micros])).toEqual([
      [13_000, 13_000],
      [7_000_000, null],
      [null, null],
    ]);
    expect(await setPrice(model, 4, 10)).toMatchObject({ repriced_steps: 0, remaining_steps: 0 });
    await expectExact(workflow);
    const next = await at.post(`/dhk/${workflow}?stagePath=4&instance_id=${id}`, { model_id: model, usage });
    expect(next.status).toBe(200);
    expect((await at.steps(id))[3]).toMatchObject({ cost_micros: 5000, computed_micros: 5000 });
  });

  test("is priced once, however many ask at once", async () => {
    const model = freshModel();
    const { projectId } = at.world.project.caller;
    const { workflow } = await at.report(
      Array.from({ length: 30 }, (_, index) => [String(index + 1), { model_id: model, usage }]),
    );
    await pool().query("UPDATE projects SET model_prices = $2 WHERE id = $1", [
      projectId,
      JSON.stringify([price(model, 1)]),
    ]);
    const own = await ownPricesNow(projectId);
    const done = await Promise.all(
      Array.from({ length: 4 }, () => repriceUnpriced({ projectId, modelId: model }, 30, { own, deadline: soon() })),
    );
    expect(done.reduce((sum, { nPriced }) => sum + nPriced, 0)).toBe(30);
    await expectExact(workflow);
  });

  test("is priced a part at a time, and what cannot be priced does not stand in the way", async () => {
    const model = freshModel();
    const { projectId } = at.world.project.caller;
    const { id, workflow } = await at.report([
      // More than a million dollars is a mistake and no price.
      ["1", { model_id: model, usage: { input_tokens: 1e12 } }],
      ["2", { model_id: model, usage: { input_tokens: 1e12 } }],
      ["3", { model_id: model, usage }],
      ["4", { model_id: model, usage }],
      ["5", { model_id: model, usage }],
    ]);
    await pool().query("UPDATE projects SET model_prices = $2 WHERE id = $1", [
      projectId,
      JSON.stringify([price(`${model.slice(0, -1)}*`, 1000)]),
    ]);
    const own = await ownPricesNow(projectId);
    const late = { own, deadline: performance.now() };
    expect(await repriceUnpriced({ projectId, modelId: model }, 1, late)).toEqual({ nPriced: 0, isDone: false });
    const ask = (limit: number) => repriceUnpriced({ projectId, modelId: model }, limit, { own, deadline: soon() });
    expect([await ask(1), await ask(1), await ask(10), await ask(10)]).toEqual([
      { nPriced: 1, isDone: false },
      { nPriced: 1, isDone: false },
      { nPriced: 1, isDone: true },
      { nPriced: 0, isDone: true },
    ]);
    expect((await at.steps(id)).map(({ cost_micros }) => cost_micros)).toEqual([null, null, 1.1e6, 1.1e6, 1.1e6]);
    await expectExact(workflow);
  });

  test("is counted where it was counted, although the calendar of the project is another now", async () => {
    const model = freshModel();
    const { project } = at.world;
    const zone = (name: string) => pool().query("UPDATE projects SET time_zone = $2 WHERE id = $1", [project.id, name]);
    await zone("Pacific/Kiritimati");
    const { workflow } = await at.report([["1", { model_id: model, usage, tags: ["far"] }]]);
    await zone("Pacific/Niue");
    await setPrice(model, 1);
    const { rows } = await pool().query(
      "SELECT n_steps, n_unpriced, cost_micros FROM cost_rollups WHERE workflow_id = $1 UNION ALL SELECT n_steps, 0, cost_micros FROM cost_tags WHERE workflow_id = $1",
      [workflow],
    );
    expect(rows).toEqual(Array(2).fill({ n_steps: 1, n_unpriced: 0, cost_micros: 1100 }));
    await zone("UTC");
  });

  test("may be the last thing that made its instance the dearest of its day", async () => {
    const model = freshModel();
    const workflow = freshId();
    await at.post(`/dhk/${workflow}?stagePath=1&start=yes&final=yes`, { cost_usd: 0.001 });
    const dear = await at.post(`/dhk/${workflow}?stagePath=1&start=yes&final=yes`, { model_id: model, usage });
    await setPrice(model, 1);
    const { rows } = await pool().query(
      "SELECT top_instance_id, top_cost_micros FROM cost_days WHERE workflow_id = $1",
      [workflow],
    );
    expect(rows).toEqual([{ top_instance_id: dear.body["instance_id"], top_cost_micros: 1100 }]);
  });
});

describe("spans", () => {
  const tokens = { "gen_ai.usage.input_tokens": 1000, "gen_ai.usage.output_tokens": 100 };
  const agent = { "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "A" };
  const costs = async (trace: TestTrace) =>
    (await stepsOf(at.world, trace.traceId)).map(({ cost_micros, usage: { covered } }) => [cost_micros, covered]);
  const send = (spans: ReturnType<TestTrace["span"]>[]) => postSpans(at.world.key, { service: freshId(), spans });

  test("get the price they would have had; what repeats others stays without one", async () => {
    const model = freshModel();
    const trace = new TestTrace();
    const outer = trace.span("invoke_agent A", { attributes: { ...agent, "gen_ai.request.model": model, ...tokens } });
    await send([trace.chat({ attributes: tokens, parentSpanId: outer.spanId }, model), outer]);
    expect(await setPrice(model, 1, 10)).toMatchObject({ repriced_steps: 1 });
    expect(await costs(trace)).toEqual([
      [2000, undefined],
      [null, undefined],
    ]);
    await send([trace.chat({ attributes: { ...tokens, "gen_ai.usage.output_tokens": 0 } }, model)]);
    expect((await costs(trace)).at(-1)).toEqual([1000, undefined]);
  });

  test("cost nothing of their own where the whole was told, before them or after", async () => {
    const model = freshModel();
    const [whole, late] = [new TestTrace(), new TestTrace()];
    const told = { ...agent, "gen_ai.usage.cost": 0.5 };
    const told1 = whole.span("invoke_agent A", { attributes: told });
    await send([whole.chat({ attributes: tokens, parentSpanId: told1.spanId }, model), told1]);
    const told2 = late.span("invoke_agent A", { attributes: told });
    await send([late.chat({ attributes: tokens, parentSpanId: told2.spanId }, model)]);
    await send([told2]);
    expect(await costs(whole)).toEqual([
      [0, true],
      [500_000, undefined],
    ]);
    expect(await setPrice(model, 1)).toMatchObject({ repriced_steps: 1, remaining_steps: 0 });
    expect(await costs(late)).toEqual([
      [0, true],
      [500_000, undefined],
    ]);
  });
});

test("models that wait are found by jumps through their index, and so are their steps", async () => {
  const { id: projectId } = at.world.foreign;
  await pool().query(
    `INSERT INTO stage_executions (project_id, instance_id, ordinal, path, status, at, model_id, input_tokens, cost_micros)
     SELECT $1, 'x' || n / 100, n % 100, '1', 'success', now(), 'm' || n % 1200, 1, CASE WHEN n % 2 = 0 THEN 1 END FROM generate_series(1, 20000) AS n`,
    [projectId],
  );
  await pool().query("ANALYZE stage_executions");
  const models = new Set<string>();
  for await (const model of waitingModels(projectId)) models.add(model);
  // More than are asked for at once, of which every other one has a price.
  expect([models.size, models.has("m1"), models.has("m2")]).toEqual([600, true, false]);
  expect(await planOf(FIND_WAITING, [projectId, "m1", 0, 100])).toContain("stage_executions_unpriced_idx");
  expect(await planOf(UNPRICED, [projectId])).toContain("stage_executions_unpriced_idx");
  // Their instances are gone.
  const own = await ownPricesNow(projectId);
  expect(await repriceUnpriced({ projectId, modelId: "m1" }, 100, { own, deadline: soon() })).toEqual({
    nPriced: 0,
    isDone: true,
  });
  await pool().query("DELETE FROM stage_executions WHERE project_id = $1", [projectId]);
});
