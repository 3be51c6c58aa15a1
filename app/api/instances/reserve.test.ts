import { expect, test } from "vitest";
import { setOwnPrice } from "@/lib/costs/price-commands";
import { pool } from "@/lib/db/pool";
import { call } from "@/lib/testing/http";
import { DAILY, LIMITED, reserving } from "@/lib/testing/reservations";
import { freshId, stages } from "@/lib/testing/stages";
import { PUT as setBudget } from "../workflows/[id]/budget/route";
import { DELETE as giveBack } from "./[id]/reservations/[reservation]/route";
import { GET as list } from "./[id]/reservations/route";
import { POST as reserve } from "./[id]/reserve/route";
import { POST as resume } from "./[id]/resume/route";

// What an agent holds before it spends; steps come through the front door.
const at = stages();
const {
  another,
  ask,
  begun,
  expire,
  giveBack: drop,
  granted,
  setBudget: limit,
  shown,
  stored,
} = reserving(at, { reserve, list, giveBack, setBudget });

test("what is granted says what is held, how much remains and until when", async () => {
  const { id } = await begun(LIMITED, 0.5);
  const answer = await ask(id, { estimated_cost_usd: 0.3, lease_seconds: 60 });
  expect(answer.status).toBe(201);
  expect(answer.body).toEqual({
    reservation_id: expect.stringMatching(/^res_[0-9a-z]{16}$/),
    instance_id: id,
    reserved_usd: 0.3,
    remaining_usd: 0.2,
    expires_at: expect.stringMatching(/Z$/),
  });
  const { rows } = await pool().query<{ seconds: number; near: boolean }>(
    `SELECT date_part('epoch', expires_at - created_at) AS seconds, abs(date_part('epoch', now() - created_at)) < 30 AS near
       FROM cost_reservations WHERE instance_id = $1`,
    [id],
  );
  expect(rows).toEqual([{ seconds: 60, near: true }]);
});

test("a call is held at what the project itself pays for its model", async () => {
  const { id } = await begun();
  await setOwnPrice(at.world.project.caller, {
    model: "house/llama",
    input_usd_per_mtok: 2,
    output_usd_per_mtok: 10,
    cache_read_usd_per_mtok: null,
    cache_write_usd_per_mtok: null,
  });
  const usage = { input_tokens: 50_000, output_tokens: 10_000 };
  expect((await ask(id, { model_id: "house/llama", usage })).body).toMatchObject({ reserved_usd: 0.2 });
});

test("what is denied names the limit and its use, stores nothing, tells nobody and leaves the instance running", async () => {
  const { workflow, id } = await begun(LIMITED, 0.5);
  await granted(id, 0.4);
  const answer = await ask(id, { estimated_cost_usd: 0.100001 });
  expect(answer.status).toBe(402);
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  expect(answer.body).toMatchObject({
    code: "budget_exceeded",
    detail: "This would exceed the limit of $1.00 of the instance, with $0.50 spent and $0.40 reserved.",
    instance_id: id,
    limit: "instance",
    limit_usd: 1,
    spent_usd: 0.5,
    reserved_usd: 0.4,
    requested_usd: 0.100001,
    directive: "stop",
  });
  expect(await stored(id)).toBe(1);
  expect(await at.alerts(workflow)).toEqual([]);
  expect(await at.instances(workflow)).toMatchObject([{ status: "running" }]);
  // What just fits is granted.
  expect(await ask(id, { estimated_cost_usd: 0.1 })).toMatchObject({ status: 201, body: { remaining_usd: 0 } });
});

test("a model and what it is going to use are priced by the list", async () => {
  const { id } = await begun({ ...LIMITED, budget_limit_usd: 10 });
  const usage = { input_tokens: 1_000_000, output_tokens: 100_000 };
  // $2.50 and $10 a million (GPT-4o, openai.com/api/pricing).
  expect(await ask(id, { model_id: "gpt-4o", usage })).toMatchObject({
    status: 201,
    body: { reserved_usd: 3.5, remaining_usd: 6.5 },
  });
  const unknown = await ask(id, { model_id: "nobody-knows-1", usage });
  expect(unknown).toMatchObject({ status: 400, body: { invalid_params: [{ name: "model_id" }] } });
  expect(unknown.text).toContain("estimated_cost_usd");
});

test("without a budget, and with one that only tells, everything is granted", async () => {
  const { workflow, id } = await at.report([["1", {}]]);
  expect(await ask(id)).toMatchObject({ status: 201, body: { remaining_usd: null } });
  await limit(workflow, { ...LIMITED, budget_action: "alert" });
  expect(await ask(id)).toMatchObject({ status: 201, body: { remaining_usd: 0.4 } });
  expect(await ask(id, { estimated_cost_usd: 5 })).toMatchObject({ status: 201, body: { remaining_usd: 0 } });
  await limit(workflow, { budget_enabled: false, budget_action: "pause" });
  expect(await ask(id, { estimated_cost_usd: 5 })).toMatchObject({ status: 201, body: { remaining_usd: null } });
});

test("the daily limit counts what is held for all instances of the workflow, and of no other", async () => {
  const { workflow, id } = await begun(DAILY, 0.4);
  const elsewhere = await begun(DAILY);
  const other = await another(workflow);
  await granted(id, 0.3);
  expect(await ask(other, { estimated_cost_usd: 0.300001 })).toMatchObject({
    status: 402,
    body: { limit: "daily", limit_usd: 1, spent_usd: 0.4, reserved_usd: 0.3, requested_usd: 0.300001 },
  });
  expect((await ask(elsewhere.id, { estimated_cost_usd: 1 })).status).toBe(201);
  expect(await ask(other)).toMatchObject({ status: 201, body: { remaining_usd: 0 } });
});

test("a limit that somebody has lifted refuses nothing until the budget is changed", async () => {
  const { workflow, id } = await begun();
  await at.post(`/dhk/${workflow}?stagePath=2`, { cost_usd: 2 });
  expect((await call(resume, { method: "POST", key: at.world.key, params: { id } })).status).toBe(200);
  expect(await ask(id, { estimated_cost_usd: 5 })).toMatchObject({ status: 201, body: { remaining_usd: null } });
  await limit(workflow, { budget_limit_usd: 3 });
  expect(await ask(id)).toMatchObject({ status: 402, body: { limit: "instance", limit_usd: 3, spent_usd: 2 } });
});

test("what was copied into a fork does not count, as it does not against the limit", async () => {
  const { id } = await begun(LIMITED, 0.9);
  const { rows } = await pool().query<{ id: string }>(
    "UPDATE instances SET copied_cost_micros = cost_micros, n_copied = 1 WHERE id = $1 RETURNING id",
    [id],
  );
  expect(await ask(rows[0]?.id ?? "", { estimated_cost_usd: 1 })).toMatchObject({ status: 201 });
});

test("a key for pings may hold and give back, one for reading may look", async () => {
  const { id } = await begun();
  const [pings, reads] = await Promise.all([at.world.project.key(["ping"]), at.world.project.key(["read"])]);
  const made = await ask(id, { estimated_cost_usd: 0.1 }, { key: pings });
  expect(made.status).toBe(201);
  const { reservation_id: reservation } = made.body as { reservation_id: string }; // as the line above says
  expect((await ask(id, { estimated_cost_usd: 0.1 }, { key: reads })).status).toBe(403);
  expect((await drop(id, reservation, reads)).status).toBe(403);
  expect((await shown(id, "", pings)).status).toBe(403);
  expect((await shown(id, "", reads)).status).toBe(200);
  expect((await drop(id, reservation, pings)).status).toBe(204);
});

test("another project's instance is refused, one that is not there is not found", async () => {
  const { id } = await begun();
  const reservation = await granted(id, 0.5);
  const key = at.world.foreignKey;
  const estimate = { estimated_cost_usd: 0.1 };
  for (const answer of [await ask(id, estimate, { key }), await drop(id, reservation, key), await shown(id, "", key)])
    expect(answer.status).toBe(403);
  expect(await stored(id)).toBe(1);
  for (const answer of [await ask("dnone", estimate), await drop("dnone", reservation), await shown("dnone")])
    expect(answer.status).toBe(404);
});

test("the same Idempotency-Key holds once, and may try again after a denial", async () => {
  const { id } = await begun();
  const headers = { "Idempotency-Key": freshId() };
  const first = await ask(id, { estimated_cost_usd: 0.6 }, { headers });
  expect(await ask(id, { estimated_cost_usd: 0.6 }, { headers })).toMatchObject({ status: 201, body: first.body });
  expect(await stored(id)).toBe(1);
  const second = { headers: { "Idempotency-Key": freshId() } };
  expect((await ask(id, { estimated_cost_usd: 0.7 }, second)).status).toBe(402);
  await expire(id);
  expect((await ask(id, { estimated_cost_usd: 0.7 }, second)).status).toBe(201);
});
