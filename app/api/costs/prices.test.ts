import { describe, expect, test } from "vitest";
import { pool } from "@/lib/db/pool";
import { call } from "@/lib/testing/http";
import { stages } from "@/lib/testing/stages";
import { GET as list, DELETE as remove, PUT as set } from "./prices/route";
import { POST as reprice } from "./reprice/route";
import { GET as unpriced } from "./unpriced/route";

const at = stages();
const usage = { input_tokens: 1_000_000, output_tokens: 100_000 };
const PRICE = { model: "house/one:v1", input_usd_per_mtok: 1, output_usd_per_mtok: 10 };
const CACHES = { cache_read_usd_per_mtok: null, cache_write_usd_per_mtok: null };

const key = () => at.world.key;
const put = (body: unknown, by = key()) => call(set, { method: "PUT", key: by, body });
const drop = (model: string, by = key()) =>
  call(remove, { method: "DELETE", key: by, path: `/?model=${encodeURIComponent(model)}` });
const get = (handler: typeof list, by = key()) => call(handler, { key: by });
const again = (body: unknown, by = key()) => call(reprice, { method: "POST", key: by, body });

const today = async () =>
  (await pool().query("SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day")).rows[0].day;

test("models without a price are listed, get one, and cost what they do from then on; then the price is taken away", async () => {
  const { workflow, id } = await at.report([
    ["1", { model_id: PRICE.model, usage }],
    ["2", { model_id: PRICE.model, usage }],
    ["3", { model_id: "nobody-knows-1", usage: { input_tokens: 5 } }],
    ["4", { usage }],
  ]);
  const day = await today();
  const one = { model_id: PRICE.model, steps: 2, input_tokens: 2_000_000, output_tokens: 200_000 };
  const other = { model_id: "nobody-knows-1", steps: 1, input_tokens: 5, output_tokens: 0 };
  const found = { first_day: day, last_day: day, workflows: [workflow], priceable: false };
  // Step 4 names no model, and can get no price.
  const nameless = { model_id: "", steps: 1, input_tokens: 1_000_000, output_tokens: 100_000 };
  expect((await get(unpriced)).body).toEqual({
    models: [
      { ...one, ...found },
      { ...nameless, ...found },
      { ...other, ...found },
    ],
  });
  expect(await put(PRICE)).toMatchObject({
    status: 200,
    body: { price: { ...PRICE, ...CACHES }, repriced_steps: 2, remaining_steps: 0 },
  });
  expect((await get(unpriced)).body).toEqual({
    models: [
      { ...nameless, ...found },
      { ...other, ...found },
    ],
  });
  const next = await at.post(`/dhk/${workflow}?stagePath=5&instance_id=${id}`, { model_id: PRICE.model, usage });
  expect(next.status).toBe(200);
  expect((await at.steps(id)).map(({ cost_micros }) => cost_micros)).toEqual([
    2_000_000,
    2_000_000,
    null,
    null,
    2_000_000,
  ]);
  expect((await get(list)).body).toEqual({
    prices: [{ ...PRICE, ...CACHES }],
    price_list: expect.stringMatching(/^@pydantic\/genai-prices \d+\.\d+\.\d+$/),
  });
  expect(await drop(PRICE.model)).toMatchObject({ status: 200, body: { prices: [] } });
  await at.post(`/dhk/${workflow}?stagePath=6&instance_id=${id}`, { model_id: PRICE.model, usage });
  expect((await at.steps(id)).map(({ cost_micros }) => cost_micros).slice(4)).toEqual([2_000_000, null]);
  const { rows } = await pool().query(
    "SELECT action, subject_id FROM audit_entries WHERE project_id = $1 AND action LIKE 'project.model%' ORDER BY id",
    [at.world.project.id],
  );
  expect(rows).toEqual([
    { action: "project.model_price", subject_id: PRICE.model },
    { action: "project.model_price_removed", subject_id: PRICE.model },
  ]);
});

test("audio of an answer as it came costs what audio costs, unless the project has its own price", async () => {
  const answered = {
    prompt_tokens: 100_000,
    completion_tokens: 50_000,
    prompt_tokens_details: { audio_tokens: 40_000 },
    completion_tokens_details: { audio_tokens: 30_000 },
  };
  const step = { model_id: "gpt-audio", usage: answered };
  const { workflow, id } = await at.report([["1", step]]);
  await put({ model: step.model_id, input_usd_per_mtok: 1, output_usd_per_mtok: 2 });
  await at.post(`/dhk/${workflow}?stagePath=2&instance_id=${id}`, step);
  // $2.50 and $32 a million in, $10 and $64 out (gpt-audio, openai.com/api/pricing).
  expect((await at.steps(id)).map(({ cost_micros }) => cost_micros)).toEqual([3_550_000, 200_000]);
  await drop(step.model_id);
});

test("further steps are priced when they are asked for, of one model or of all", async () => {
  const { id } = await at.report([
    ["1", { model_id: "later-1", usage }],
    ["2", { model_id: "later-2", usage }],
    ["3", { model_id: "later-3", usage }],
  ]);
  expect((await again({})).body).toEqual({ repriced_steps: 0, remaining_steps: 0 });
  // As if another process had just been told, or a newer price list knew them.
  await pool().query("UPDATE projects SET model_prices = $2 WHERE id = $1", [
    at.world.project.id,
    JSON.stringify([{ ...PRICE, ...CACHES, model: "later-*" }]),
  ]);
  expect((await get(unpriced)).body).toMatchObject({
    models: expect.arrayContaining([expect.objectContaining({ model_id: "later-1", priceable: true })]),
  });
  expect((await again({ model_id: "later-2" })).body).toEqual({ repriced_steps: 1, remaining_steps: 0 });
  expect((await again({ model_id: "nobody-knows-1" })).body).toEqual({ repriced_steps: 0, remaining_steps: 0 });
  expect((await again({})).body).toEqual({ repriced_steps: 2, remaining_steps: 0 });
  expect((await again({})).body).toEqual({ repriced_steps: 0, remaining_steps: 0 });
  expect((await at.steps(id)).map(({ cost_micros }) => cost_micros)).toEqual(Array(3).fill(2_000_000));
});

test("a request prices 5,000 steps, and says how many wait", async () => {
  const { id } = await at.report([["1", { model_id: "many-1", usage }]]);
  await pool().query(
    `INSERT INTO stage_executions (project_id, instance_id, ordinal, path, status, at, model_id, input_tokens, output_tokens)
     SELECT project_id, instance_id, n, '2', 'success', at, model_id, 1, 1 FROM stage_executions, generate_series(1, 5999) AS n WHERE instance_id = $1`,
    [id],
  );
  await pool().query("UPDATE cost_rollups SET n_unpriced = 6000 WHERE model_id = 'many-1'");
  expect((await put({ ...PRICE, model: "many-1" })).body).toMatchObject({
    repriced_steps: 5000,
    remaining_steps: 1000,
  });
  expect((await again({ model_id: "many-1" })).body).toEqual({ repriced_steps: 1000, remaining_steps: 0 });
});

describe("refused are", () => {
  test.each<[string, object, string]>([
    ["a price without a model", { model: undefined }, "model"],
    ["a price below nothing", { input_usd_per_mtok: -1 }, "input_usd_per_mtok"],
    ["seven decimals", { output_usd_per_mtok: 0.1234567 }, "output_usd_per_mtok"],
  ])("%s, by name", async (_what, change, name) => {
    expect(await put({ ...PRICE, ...change })).toMatchObject({ status: 400, body: { invalid_params: [{ name }] } });
  });

  test("the 201st price, and none that changes one of the 200", async () => {
    const prices = Array.from({ length: 200 }, (_, index) => ({ ...PRICE, ...CACHES, model: `m${index}` }));
    await pool().query("UPDATE projects SET model_prices = $2 WHERE id = $1", [
      at.world.project.id,
      JSON.stringify(prices),
    ]);
    expect(await put(PRICE)).toMatchObject({ status: 400, body: { invalid_params: [{ name: "model" }] } });
    expect((await put({ ...PRICE, model: "m7", input_usd_per_mtok: 3 })).status).toBe(200);
  });

  test("what is not there, and who may not", async () => {
    expect((await drop("nobody-set-1")).status).toBe(404);
    expect((await drop("")).status).toBe(400);
    expect((await again({ model: "x" })).status).toBe(400);
    const reader = await at.world.project.key(["read"]);
    const pinger = await at.world.project.key(["ping"]);
    expect([(await get(list, reader)).status, (await get(unpriced, reader)).status]).toEqual([200, 200]);
    const refused = [
      put(PRICE, reader),
      drop("m1", reader),
      again({}, reader),
      get(list, pinger),
      get(unpriced, pinger),
    ];
    expect((await Promise.all(refused)).map(({ status }) => status)).toEqual(Array(5).fill(403));
  });

  test("prices and steps of another project, which are not seen", async () => {
    const foreign = at.world.foreignKey;
    expect((await get(list, foreign)).body).toMatchObject({ prices: [] });
    expect((await get(unpriced, foreign)).body).toEqual({ models: [] });
    expect((await drop("m7", foreign)).status).toBe(404);
    expect((await put({ ...PRICE, model: "nobody-knows-1" }, foreign)).body).toMatchObject({ repriced_steps: 0 });
  });
});
