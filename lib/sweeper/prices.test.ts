import { expect, test } from "vitest";
import { pool } from "@/lib/db/pool";
import { recount } from "@/lib/testing/recount";
import { stages } from "@/lib/testing/stages";
import { sweepPrices } from "./prices";

const at = stages();
const soon = () => performance.now() + 60_000;
const usage = { input_tokens: 1000, output_tokens: 100 };
const price = { input_usd_per_mtok: 1, output_usd_per_mtok: 10, cache_read_usd_per_mtok: null };

const know = (projectId: string, model: string) =>
  pool().query("UPDATE projects SET model_prices = $2 WHERE id = $1", [
    projectId,
    JSON.stringify([{ ...price, cache_write_usd_per_mtok: null, model }]),
  ]);

test("steps of any project whose price has become known get it by and by; looked for once an hour", async () => {
  const { project } = at.world;
  const { id, workflow } = await at.report([
    ["1", { model_id: "swept-1", usage }],
    ["2", { model_id: "swept-2", usage }],
    ["3", { model_id: "nobody-knows-1", usage }],
  ]);
  const costs = async () => (await at.steps(id)).map(({ cost_micros }) => cost_micros);
  await know(project.id, "swept-*");
  await sweepPrices(performance.now() - 1);
  expect(await costs()).toEqual([null, null, null]);
  await sweepPrices(soon());
  expect(await costs()).toEqual([2000, 2000, null]);
  const { kept, counted } = await recount(workflow);
  expect(kept).toEqual(counted);
  await know(project.id, "nobody-knows-*");
  await sweepPrices(soon());
  expect(await costs()).toEqual([2000, 2000, null]);
});
