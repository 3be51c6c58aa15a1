import { beforeEach, expect, test } from "vitest";
import { pool } from "@/lib/db/pool";
import { makeCheck } from "@/lib/testing/checks";
import { recordingPool } from "@/lib/testing/explain";
import { makeWorld, type World } from "@/lib/testing/world";
import { getMetricCharts, getMetrics } from "./metric-queries";

let world: World;
let id: string;
beforeEach(async () => {
  world = await makeWorld();
  id = await makeCheck(world.project.id);
});

async function fill(names: number, points: number): Promise<void> {
  await pool().query(
    `INSERT INTO metric_points SELECT $1, $2, 'm' || lpad(name::text, 3, '0'), now() - (n - 1) * interval '1 minute', $4 - n + 1, n
       FROM generate_series(1, $3) AS name, generate_series(1, $4::int) AS n`,
    [world.project.id, id, names, points],
  );
}

const ALL = { from: null, to: null };

test("the page draws a dozen, those that are looked for first, and says how many more there are", async () => {
  await fill(30, 3);
  await pool().query("UPDATE checks SET metrics = $2 WHERE id = $1", [
    id,
    JSON.stringify([{ name: "m020", max: 9 }, { name: "none" }]),
  ]);
  const { charts, more } = await getMetricCharts(world.project.caller, { checkId: id, range: ALL });
  expect(charts.map(({ name }) => name).slice(0, 4)).toEqual(["m020", "none", "m001", "m002"]);
  expect([charts.length, more]).toEqual([12, 19]);
  expect(charts[0]).toMatchObject({ count: 3, value: 1, max: 9, bucket_seconds: 1 });
  expect(charts[0]?.points.map(({ avg }) => avg)).toEqual([3, 2, 1]);
  expect(charts[1]).toMatchObject({ count: 0, value: null, points: [] });
  const { charts: none } = await getMetricCharts(world.project.caller, {
    checkId: id,
    range: { from: null, to: Date.now() - 3_600_000 },
  });
  expect(none[0]).toMatchObject({ count: 3, points: [] });
  await expect(getMetricCharts(world.foreign.caller, { checkId: id, range: ALL })).rejects.toThrow(/project/);
});

test("a hostile client that sends ever new names fills no list", async () => {
  await fill(500, 1);
  const found = await getMetrics(world.project.caller, { checkId: id });
  expect("metrics" in found && found.metrics.length).toBe(200);
});

test("nothing reads the numbers of other checks, nor those of a name one by one", async () => {
  const others = await Promise.all(Array.from({ length: 5 }, () => makeCheck(world.project.id)));
  for (const check of [...others, id]) {
    id = check;
    await fill(10, 2000);
  }
  await pool().query("ANALYZE metric_points");
  const { db, plans } = recordingPool();
  await getMetrics(world.project.caller, { checkId: id }, db);
  await getMetrics(world.project.caller, { checkId: id, name: "m001", from: Date.now() - 60_000 }, db);
  const text = (await plans()).join("\n\n");
  expect(text).not.toMatch(/Seq Scan on metric_points/);
  expect(text.match(/metric_points_pkey/g)?.length).toBe(6);
});
