import { expect, test } from "vitest";
import { pool } from "@/lib/db/pool";
import { makeWorkflow } from "@/lib/testing/workflows";
import { makeProject } from "@/lib/testing/world";
import { sweepRetention } from "./sweep";
import { pruneWorkflows } from "./workflow-retention";

const soon = () => performance.now() + 60_000;

/** So many instances, one a day, the last one today, with two steps each. */
async function fillInstances(projectId: string, id: string, count: number, status = "completed"): Promise<void> {
  await pool().query(
    `WITH made AS (
       INSERT INTO instances (project_id, workflow_id, id, seq, version, status, started_at, ended_at, n_steps, last_signal_at, progress_at)
       SELECT $1::uuid, $2::text, 'd' || md5($1::uuid::text || $2::text || n), n, 1, $4::text::instance_status, at,
              CASE WHEN $4::text IN ('running', 'paused') THEN NULL ELSE at END, 2, at, at
         FROM generate_series(1, $3::int) n, LATERAL (SELECT now() - ($3 - n) * interval '1 day' AS at) a
       RETURNING project_id, id, started_at)
     INSERT INTO stage_executions (project_id, instance_id, ordinal, path, status, at)
     SELECT project_id, id, n, '1', 'success', started_at FROM made, generate_series(0, 1) n`,
    [projectId, id, count, status],
  );
  await pool().query("UPDATE workflows SET n_instances = $3 WHERE project_id = $1 AND id = $2", [projectId, id, count]);
}

async function left(projectId: string, id: string) {
  const { rows } = await pool().query<{ first: number; instances: number; steps: number }>(
    `SELECT min(seq) AS first, count(*) AS instances,
            (SELECT count(*) FROM stage_executions e JOIN instances i ON i.project_id = e.project_id AND i.id = e.instance_id
              WHERE i.project_id = $1 AND i.workflow_id = $2) AS steps
       FROM instances WHERE project_id = $1 AND workflow_id = $2`,
    [projectId, id],
  );
  return rows[0];
}

test("of instances the newest 1,000 are kept, and younger ones", async () => {
  const project = await makeProject();
  const [old, few, open] = await Promise.all([1, 2, 3].map(() => makeWorkflow(project.id)));
  if (old === undefined || few === undefined || open === undefined) throw new Error("three were made");
  await fillInstances(project.id, old, 1200);
  await fillInstances(project.id, few, 1000);
  await fillInstances(project.id, open, 1100, "running");
  expect(await pruneWorkflows(soon())).toBe(200);
  expect(await left(project.id, old)).toEqual({ first: 201, instances: 1000, steps: 2000 });
  expect(await left(project.id, few)).toEqual({ first: 1, instances: 1000, steps: 2000 });
  expect(await left(project.id, open)).toEqual({ first: 1, instances: 1100, steps: 2200 });
  const orphans = await pool().query(
    "SELECT FROM stage_executions e WHERE project_id = $1 AND NOT EXISTS (SELECT FROM instances i WHERE i.project_id = $1 AND i.id = e.instance_id)",
    [project.id],
  );
  expect(orphans.rowCount).toBe(0);
  // Many of one day are all young.
  await pool().query("UPDATE instances SET started_at = now() WHERE project_id = $1 AND workflow_id = $2", [
    project.id,
    old,
  ]);
  await pool().query("UPDATE workflows SET n_instances = 5000 WHERE project_id = $1 AND id = $2", [project.id, old]);
  expect(await pruneWorkflows(soon())).toBe(0);
});

test("an instance of many steps goes in parts", async () => {
  const project = await makeProject();
  const id = await makeWorkflow(project.id);
  await fillInstances(project.id, id, 1101);
  const { rows } = await pool().query<{ id: string }>(
    "UPDATE instances SET n_steps = 50000 WHERE project_id = $1 AND workflow_id = $2 AND seq = 3 RETURNING id",
    [project.id, id],
  );
  await pool().query(
    `INSERT INTO stage_executions (project_id, instance_id, ordinal, path, status, at)
     SELECT $1, $2, n, '1', 'success', now() FROM generate_series(2, 49999) n`,
    [project.id, rows[0]?.id],
  );
  expect(await pruneWorkflows(soon())).toBe(101 + 40_000);
  const steps = await pool().query("SELECT FROM stage_executions WHERE project_id = $1 AND instance_id = $2", [
    project.id,
    rows[0]?.id,
  ]);
  expect(steps.rowCount).toBe(0);
});

test("of refused signals the newest 1,000 of each workflow are kept, of hand-offs a quarter", async () => {
  const project = await makeProject();
  const [many, few] = await Promise.all([makeWorkflow(project.id), makeWorkflow(project.id)]);
  for (const [id, count] of [
    [many, 6100],
    [few, 900],
  ] as const) {
    await pool().query(
      `INSERT INTO rejected_pings (project_id, workflow_id, at, code, raw, received)
       SELECT $1, $2, now(), 'stage_missed', '{}', n FROM generate_series(1, $3::int) n`,
      [project.id, id, count],
    );
    await pool().query(
      `INSERT INTO handoffs (project_id, workflow_id, at, instance_id, ordinal, from_agent, to_agent, gap_ms)
       SELECT $1, $2, now() - n * interval '1 day', 'i', n, 'a', 'b', 1 FROM generate_series(90, 95) n`,
      [project.id, id],
    );
  }
  expect(await sweepRetention(soon())).toBe(5100 + 2 * 3);
  const kept = await pool().query(
    "SELECT workflow_id, min(received::int) AS first, count(*) FROM rejected_pings WHERE project_id = $1 GROUP BY 1 ORDER BY 2",
    [project.id],
  );
  expect(kept.rows).toEqual([
    { workflow_id: few, first: 1, count: 900 },
    { workflow_id: many, first: 5101, count: 1000 },
  ]);
});

test("no time left removes nothing, and all workflows are walked in turn", async () => {
  const project = await makeProject();
  await pool().query(
    "INSERT INTO workflows (project_id, id, kind, name) SELECT $1, 'w' || n, 'dynamic', 'W' FROM generate_series(1, 1200) n",
    [project.id],
  );
  await pool().query(
    `INSERT INTO handoffs (project_id, workflow_id, at, instance_id, ordinal, from_agent, to_agent, gap_ms)
     SELECT $1, id, now() - interval '1 year', 'i', 1, 'a', 'b', 1 FROM workflows WHERE project_id = $1`,
    [project.id],
  );
  expect(await pruneWorkflows(performance.now() - 1)).toBe(0);
  const removed: number[] = [];
  for (let round = 0; round < 4; round += 1) removed.push(await pruneWorkflows(soon()));
  expect(Math.max(...removed)).toBeLessThanOrEqual(500);
  expect(removed.reduce((sum, one) => sum + one, 0)).toBe(1200);
  expect(removed.at(-1)).toBe(0);
});
