import { expect, test } from "vitest";
import { pruneHistory } from "@/lib/sweeper/retention";
import { call } from "@/lib/testing/http";
import { DAILY, LIMITED, reserving } from "@/lib/testing/reservations";
import { freshId, stages } from "@/lib/testing/stages";
import { PUT as setBudget } from "../workflows/[id]/budget/route";
import { DELETE as giveBack } from "./[id]/reservations/[reservation]/route";
import { GET as list } from "./[id]/reservations/route";
import { POST as reserve } from "./[id]/reserve/route";
import { POST as terminate } from "./[id]/terminate/route";

// How what was held is freed: by the step that was meant, by time, by hand, and by the end of the instance.
const at = stages();
const {
  another,
  ask,
  begun,
  expire,
  giveBack: drop,
  granted,
  left,
  setBudget: limit,
  shown,
  stored,
} = reserving(at, { reserve, list, giveBack, setBudget });

test.each(["a parameter", "a field"])("a step that names it as %s ends it, and what it cost counts", async (how) => {
  const { workflow, id } = await begun();
  const reservation = await granted(id, 0.9);
  expect(await left(id)).toBe(0.1);
  const named = how === "a parameter" ? `&reservation_id=${reservation}` : "";
  const body = { cost_usd: 0.25, ...(how === "a field" && { reservation_id: reservation }), note: "kept" };
  const step = await at.post(`/dhk/${workflow}?stagePath=2&instance_id=${id}${named}`, body);
  expect(step).toMatchObject({ status: 200, body: { directive: "continue" } });
  expect(await stored(id)).toBe(0);
  expect(await left(id)).toBe(0.75);
  expect((await at.steps(id))[1]).toMatchObject({ payload: { note: "kept" } });
});

test("a step of a static workflow ends one too, also by GET", async () => {
  const workflow = await at.flexible();
  const first = await at.send(`/shk/${workflow}?stage=1`);
  const id = String(first.body["instance_id"]);
  await limit(workflow, LIMITED);
  const reservation = await granted(id, 0.9);
  expect((await at.send(`/shk/${workflow}?stage=2&reservation_id=${reservation}`)).status).toBe(200);
  expect(await stored(id)).toBe(0);
});

test("a reservation that is over, unknown or another instance's is no error, and nobody else's is ended", async () => {
  const { workflow, id } = await begun();
  const other = await another(workflow);
  const theirs = await granted(other, 0.5);
  const late = await granted(id, 0.5);
  await expire(id);
  for (const [index, one] of [theirs, late, "res_0000000000000000"].entries()) {
    const path = `/dhk/${workflow}?stagePath=${index + 2}&instance_id=${id}&reservation_id=${one}`;
    expect((await at.post(path, { cost_usd: 0.1 })).status).toBe(200);
  }
  expect(await stored(other)).toBe(1);
  expect(await at.steps(id)).toHaveLength(4);
});

test("a step that is refused, or sent again, ends nothing", async () => {
  const workflow = await at.strict();
  const id = String((await at.send(`/shk/${workflow}?stage=1`)).body["instance_id"]);
  await limit(workflow, LIMITED);
  const reservation = await granted(id, 0.9);
  expect((await at.send(`/shk/${workflow}?stage=3&reservation_id=${reservation}`)).status).toBe(400);
  expect(await stored(id)).toBe(1);
  const again = { method: "POST", headers: { "Idempotency-Key": freshId() } };
  const path = `/shk/${workflow}?stage=2&reservation_id=${reservation}`;
  expect((await at.send(path, again)).status).toBe(200);
  expect(await stored(id)).toBe(0);
  expect((await at.send(path, again)).status).toBe(200);
  expect(await at.steps(id)).toHaveLength(2);
});

test.each(["res_1", "res_0000000000000000; --", 'res_"0000000000000'])(
  "a step that names %s is refused, and leaves no step",
  async (reservation) => {
    const { workflow, id } = await begun();
    const path = `/dhk/${workflow}?stagePath=2`;
    const refused = [
      await at.send(`${path}&reservation_id=${encodeURIComponent(reservation)}`),
      await at.post(path, { reservation_id: reservation }),
      await at.send(`${path}&reservation_id=1`),
    ];
    for (const answer of refused)
      expect(answer).toMatchObject({ status: 400, body: { invalid_params: [{ name: "reservation_id" }] } });
    expect(await at.steps(id)).toHaveLength(1);
  },
);

test.each(["table 4", 7, ["res_0000000000000000"]])(
  "what an agent books is payload: reservation_id %j",
  async (booked) => {
    const { workflow, id } = await begun();
    expect((await at.post(`/dhk/${workflow}?stagePath=2`, { reservation_id: booked })).status).toBe(200);
    expect((await at.steps(id))[1]).toMatchObject({ payload: { reservation_id: booked } });
  },
);

test("what a crash left behind is free once its lease is over, and removed by the next that asks", async () => {
  const { id } = await begun();
  await granted(id, 0.9);
  expect((await ask(id)).status).toBe(402);
  await expire(id);
  expect((await shown(id)).body).toMatchObject({ reservations: [] });
  expect(await ask(id)).toMatchObject({ status: 201, body: { remaining_usd: 0.7 } });
  expect(await stored(id)).toBe(1);
});

test("what is over is removed by who denies, and by the sweeper, which leaves the rest", async () => {
  const { workflow, id } = await begun();
  await granted(id, 0.5);
  await expire(id);
  await ask(id, { estimated_cost_usd: 2 });
  expect(await stored(id)).toBe(0);
  const other = await another(workflow);
  await granted(id, 0.5);
  await granted(other, 0.5);
  await expire(id);
  await pruneHistory(performance.now() + 60_000);
  expect([await stored(id), await stored(other)]).toEqual([0, 1]);
});

test("what is held for an instance is void when that ends, and counts while it is paused", async () => {
  const { workflow, id } = await begun({ ...DAILY, budget_limit_usd: 0.6 });
  const other = await another(workflow);
  await granted(id, 0.5);
  await at.post(`/dhk/${workflow}?stagePath=2&instance_id=${id}`, { cost_usd: 0.61 });
  expect(await ask(id)).toMatchObject({
    status: 409,
    body: { code: "instance_paused", workflow_status: "paused", instance_id: id, directive: "stop" },
  });
  expect(await ask(other)).toMatchObject({ status: 402, body: { limit: "daily", reserved_usd: 0.5 } });
  await call(terminate, { method: "POST", key: at.world.key, params: { id }, body: {} });
  expect(await ask(id)).toMatchObject({ status: 409, body: { code: "instance_terminated" } });
  expect(await ask(other)).toMatchObject({ status: 201, body: { remaining_usd: 0.09 } });
  expect((await shown(id)).body).toMatchObject({ reservations: [] });
});

test("what is given back is free, once and again; what is not the instance's stays", async () => {
  const { workflow, id } = await begun();
  const other = await another(workflow);
  const reservation = await granted(id, 0.9);
  expect((await drop(other, reservation)).status).toBe(204);
  expect(await stored(id)).toBe(1);
  expect(await drop(id, reservation)).toMatchObject({ status: 204, text: "" });
  expect((await drop(id, reservation)).status).toBe(204);
  expect(await left(id)).toBe(1);
  expect((await drop(id, "nothing")).status).toBe(404);
});

test("what is held is listed, the first to be over first, page by page", async () => {
  const { id } = await begun();
  for (const lease of [300, 100, 200]) await ask(id, { estimated_cost_usd: 0.001 * lease, lease_seconds: lease });
  const seen: unknown[] = [];
  let query = "?limit=1";
  for (let page = 0; page < 3; page += 1) {
    const { status, body } = await shown(id, query);
    expect(status).toBe(200);
    const { reservations, next_cursor } = body as { reservations: object[]; next_cursor: string | null }; // of the contract
    seen.push(...reservations);
    query = `?limit=1&cursor=${next_cursor}`;
    expect(next_cursor === null).toBe(page === 2);
  }
  const moment = expect.stringMatching(/Z$/);
  const one = (usd: number) => ({
    reservation_id: expect.stringMatching(/^res_/),
    reserved_usd: usd,
    created_at: moment,
    expires_at: moment,
  });
  expect(seen).toEqual([one(0.1), one(0.2), one(0.3)]);
});
