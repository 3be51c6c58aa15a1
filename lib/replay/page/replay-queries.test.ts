import { beforeEach, expect, test } from "vitest";
import { pool } from "@/lib/db/pool";
import { recordingPool } from "@/lib/testing/explain";
import { makeInstance, makeWorkflow } from "@/lib/testing/workflows";
import { makeWorld, type World } from "@/lib/testing/world";
import { loadAmounts } from "./amount-queries";
import { getReplayView } from "./replay-queries";

let world: World;
beforeEach(async () => {
  world = await makeWorld();
});

const many = (count: number) => Array.from({ length: count }, (_, at) => ({ path: String((at % 30) + 1) }));

test("a replay begins with the first steps, what they cost, and how many were copied", async () => {
  const workflow = await makeWorkflow(world.project.id, { name: "Nightly" });
  const id = await makeInstance(world.project.id, workflow, { steps: many(250) });
  await pool().query("UPDATE instances SET n_copied = 7 WHERE id = $1", [id]);
  await pool().query("UPDATE stage_executions SET cost_micros = ordinal WHERE instance_id = $1 AND ordinal < 50", [id]);
  const { workflow: of, copied, amounts, steps, command } = await getReplayView(world.project.caller, id);
  expect([of.name, copied, steps.path.length, amounts.first]).toEqual(["Nightly", 7, 100, 0]);
  expect([amounts.cost.length, amounts.cost[49], amounts.cost[50]]).toEqual([100, 49, null]);
  expect(command).toMatch(new RegExp(`/dhk/${workflow}\\?stagePath=1&instance_id=${id}&key=`));
  await expect(getReplayView(world.foreign.caller, id)).rejects.toMatchObject({ code: "forbidden" });
});

test("it is small, and costs are read by keys, however many steps there are", async () => {
  const workflow = await makeWorkflow(world.project.id);
  const make = () => makeInstance(world.project.id, workflow, { steps: many(5000) });
  for (let count = 0; count < 3; count += 1) await make();
  const id = await make();
  expect(JSON.stringify(await getReplayView(world.project.caller, id)).length).toBeLessThan(30_000);
  await pool().query("ANALYZE stage_executions");
  const { db, plans } = recordingPool();
  await loadAmounts(db, { projectId: world.project.id, id }, { first: 4900, limit: 100 });
  const [plan] = await plans();
  expect(plan).toMatch(/Index (Only )?Scan using stage_executions_pkey/);
});
