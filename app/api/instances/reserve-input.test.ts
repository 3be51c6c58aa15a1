import { beforeAll, expect, test } from "vitest";
import { reserving } from "@/lib/testing/reservations";
import { stages } from "@/lib/testing/stages";
import { PUT as setBudget } from "../workflows/[id]/budget/route";
import { DELETE as giveBack } from "./[id]/reservations/[reservation]/route";
import { GET as list } from "./[id]/reservations/route";
import { POST as reserve } from "./[id]/reserve/route";

// What nobody may say to hold something: each is refused by the name of the field, and nothing is held.
const at = stages();
const { ask, begun, shown, stored } = reserving(at, { reserve, list, giveBack, setBudget });

let id = "";
beforeAll(async () => {
  id = (await begun()).id;
});

const usage = { input_tokens: 1000, output_tokens: 10 };
const estimate = (usd: unknown) => ({ estimated_cost_usd: usd });
const lease = (seconds: unknown) => ({ estimated_cost_usd: 0.1, lease_seconds: seconds });

test.each<[string, object, string]>([
  ["nothing", {}, "estimated_cost_usd"],
  ["both forms", { ...estimate(0.1), model_id: "gpt-4o", usage }, "estimated_cost_usd"],
  ["an estimate with a model", { ...estimate(0.1), model_id: "gpt-4o" }, "estimated_cost_usd"],
  ["a negative estimate", estimate(-0.1), "estimated_cost_usd"],
  ["an estimate of 0", estimate(0), "estimated_cost_usd"],
  ["an estimate as text", estimate("0.1"), "estimated_cost_usd"],
  ["an estimate of null", estimate(null), "estimated_cost_usd"],
  ["an estimate beyond all", estimate(1_000_000.01), "estimated_cost_usd"],
  ["an estimate that overflows", estimate(1e300), "estimated_cost_usd"],
  ["an estimate finer than a micro-dollar", estimate(0.0000001), "estimated_cost_usd"],
  ["a model without usage", { model_id: "gpt-4o" }, "usage"],
  ["usage without a model", { usage }, "model_id"],
  ["a model without a name", { model_id: " ", usage }, "model_id"],
  ["a model that is a number", { model_id: 4, usage }, "model_id"],
  ["a model with a name beyond all", { model_id: "x".repeat(201), usage }, "model_id"],
  ["a model nobody knows", { model_id: "nobody-knows-1", usage }, "model_id"],
  ["usage beyond a million dollars", { model_id: "gpt-4o", usage: { input_tokens: 1e12 } }, "model_id"],
  ["usage as text", { model_id: "gpt-4o", usage: "much" }, "usage"],
  ["usage that tells nothing", { model_id: "gpt-4o", usage: {} }, "usage"],
  ["negative tokens", { model_id: "gpt-4o", usage: { input_tokens: -1 } }, "usage.input_tokens"],
  ["tokens with a fraction", { model_id: "gpt-4o", usage: { input_tokens: 1.5 } }, "usage.input_tokens"],
  ["a lease of 0", lease(0), "lease_seconds"],
  ["a lease of -1", lease(-1), "lease_seconds"],
  ["a lease with a fraction", lease(1.5), "lease_seconds"],
  ["a lease of more than an hour", lease(3601), "lease_seconds"],
  ["a lease as text", lease("60"), "lease_seconds"],
  ["a lease of null", lease(null), "lease_seconds"],
  ["a field that is not known", { ...estimate(0.1), cost_usd: 1 }, "cost_usd"],
])("%s is refused by name and holds nothing", async (_what, body, name) => {
  const refused = await ask(id, body);
  expect(refused).toMatchObject({ status: 400, body: { code: "invalid_input", invalid_params: [{ name }] } });
  expect(await stored(id)).toBe(0);
});

test.each(['{"estimated_cost_usd": NaN}', '{"estimated_cost_usd": 1', ""])("%s is no JSON", async (body) => {
  expect((await ask(id, body)).status).toBe(400);
  expect(await stored(id)).toBe(0);
});

test.each(["[]", '"x"', "1", "null"])("%s is no object", async (body) => {
  expect((await ask(id, body)).status).toBe(400);
  expect(await stored(id)).toBe(0);
});

test("the ends of what is allowed are allowed", async () => {
  const { id: free } = await at.report([["1", {}]]);
  const ends: object[] = [
    { estimated_cost_usd: 1_000_000, lease_seconds: 1 },
    { estimated_cost_usd: 0.000001, lease_seconds: 3600 },
    // What costs nothing may be asked for like anything else.
    { model_id: "gpt-4o", usage: { input_tokens: 0, output_tokens: 0 } },
  ];
  for (const body of ends) expect((await ask(free, body)).status).toBe(201);
});

test("a cursor of another list is refused", async () => {
  for (const values of [[1], ["x", "y"], [1, "no id"], [1.5, "res_0000000000000000"]]) {
    const cursor = Buffer.from(JSON.stringify(values)).toString("base64url");
    const refused = await shown(id, `?cursor=${cursor}`);
    expect(refused).toMatchObject({ status: 400, body: { invalid_params: [{ name: "cursor" }] } });
  }
  expect((await shown(id, "?limit=0")).status).toBe(400);
});
