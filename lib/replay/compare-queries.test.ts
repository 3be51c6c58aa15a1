import { beforeEach, expect, test } from "vitest";
import { pool } from "@/lib/db/pool";
import { makeInstance, makeWorkflow } from "@/lib/testing/workflows";
import { makeWorld, type World } from "@/lib/testing/world";
import { getComparisonView, listComparable } from "./compare-queries";
import { fromRowColumns } from "./compare-rows";

let world: World;
let workflow: string;
beforeEach(async () => {
  world = await makeWorld();
  workflow = await makeWorkflow(world.project.id, { name: "Research" });
});

const make = (paths: string[], startedAt?: number): Promise<string> =>
  makeInstance(world.project.id, workflow, {
    status: "completed",
    steps: paths.map((path) => ({ path, stageName: `Stage ${path}` })),
    ...(startedAt !== undefined && { startedAt }),
  });
const fork = (id: string, origin: string) =>
  pool().query("UPDATE instances SET origin_id = $2, fork_from_stage = '1', n_copied = 1 WHERE id = $1", [id, origin]);

test("two instances are aligned without their payloads, and nothing is kept of it", async () => {
  const [a, b] = [await make(["1", "2", "3"]), await make(["1", "3", "4"])];
  await pool().query(
    "UPDATE stage_executions SET payload = '{\"secret\": 1}', cost_micros = 7 WHERE instance_id = $1",
    [a],
  );
  const view = await getComparisonView(world.project.caller, a, b);
  expect(view).toMatchObject({
    a: { id: a, seq: 1, status: "completed", workflow: { id: workflow, name: "Research" }, steps: 3, originId: null },
    b: { id: b, seq: 2, totals: { steps: 3 } },
    divergence: 0,
  });
  const rows = fromRowColumns(view.rows);
  expect(rows.map(({ kind, path, a: one, b: other }) => [kind, path, one?.step, other?.step])).toEqual([
    ["changed", "1", 0, 0],
    ["missing", "2", 1, undefined],
    ["changed", "3", 2, 1],
    ["extra", "4", undefined, 2],
  ]);
  expect(rows[0]?.a).toEqual({ step: 0, stageName: "Stage 1", costMicros: 7 });
  expect(JSON.stringify(view)).not.toContain("secret");
  expect((await pool().query("SELECT 1 FROM replay_sessions")).rows).toEqual([]);
});

test("others' instances, and those that nobody has, are refused", async () => {
  const own = await make(["1"]);
  const { caller } = world.foreign;
  for (const [a, b] of [
    [own, "d0000000000000000"],
    ["d0000000000000000", own],
    [own, "no id"],
  ] as const)
    await expect(getComparisonView(world.project.caller, a, b)).rejects.toMatchObject({ code: "not_found" });
  await expect(getComparisonView(caller, own, own)).rejects.toMatchObject({ code: "forbidden" });
  await expect(listComparable(caller, own)).rejects.toMatchObject({ code: "forbidden" });
});

test("to choose from are its kin and the newest of its workflow, each once", async () => {
  const origin = await make(["1", "2"], 1000);
  const [one, sibling, child, other] = [
    await make(["1"], 2000),
    await make(["1"], 3000),
    await make(["1"], 4000),
    await make(["9"], 5000),
  ];
  for (const id of [one, sibling]) await fork(id, origin);
  await fork(child, one);
  const found = await listComparable(world.project.caller, one);
  expect(found.one).toMatchObject({ id: one, originId: origin });
  expect(found.related.map(({ id }) => id)).toEqual([origin, sibling, child]);
  expect(found.recent.map(({ id }) => id)).toEqual([other]);
  // The first of all has no kin but what was made of it.
  expect((await listComparable(world.project.caller, other)).related).toEqual([]);
});
