import { beforeAll, expect, test } from "vitest";
import { pool } from "@/lib/db/pool";
import { planOf, recordingPool } from "@/lib/testing/explain";
import { storeInstances } from "@/lib/testing/workflows";
import { makeProject, type TestProject } from "@/lib/testing/world";
import { loadStandings } from "@/lib/workflows/read/standings";
import { FAILED_INSTANCES, NEWEST_FAILING } from "./failing";
import { listWorkflowRows } from "./list";

const WORKFLOWS = 500;
let project: TestProject;

beforeAll(async () => {
  project = await makeProject();
  await pool().query(
    "INSERT INTO workflows (project_id, id, kind, name) SELECT $1, 'w' || n, 'dynamic', 'W' FROM generate_series(1, $2::int) n",
    [project.id, WORKFLOWS],
  );
  await pool().query(
    `INSERT INTO workflow_definitions (project_id, workflow_id, version, rules)
     SELECT project_id, id, 1, '{"kind":"dynamic","mode":"flexible","strictAgents":false,"graceSeconds":null,"instanceTimeoutSeconds":null,"stages":[]}'
       FROM workflows WHERE project_id = $1`,
    [project.id],
  );
  // Those of one workflow alone are as many as there are in all the others.
  await storeInstances(project.id, "w1", 40_000);
  await pool().query(
    `INSERT INTO instances (project_id, workflow_id, id, seq, version, status, started_at, ended_at, last_signal_at, progress_at)
     SELECT $1, 'w' || w, 'p' || w || '_' || n, n, 1, (CASE WHEN n % 7 = 0 THEN 'failed' ELSE 'completed' END)::instance_status,
            now() - n * interval '1 hour', now() - n * interval '1 hour', now(), now()
       FROM generate_series(2, $2::int) w, generate_series(1, 80) n`,
    [project.id, WORKFLOWS],
  );
  await pool().query(
    `INSERT INTO stage_executions (project_id, instance_id, ordinal, path, status, at)
     SELECT $1, 'p' || w || '_1', n, n::text, 'success', now() FROM generate_series(2, 200) w, generate_series(0, 49) n`,
    [project.id],
  );
  await pool().query("ANALYZE");
});

test.each([
  ["workflows that fail", NEWEST_FAILING],
  ["failed instances", FAILED_INSTANCES],
])("%s are found through the index by status", async (_, text) => {
  const plan = await planOf(text, [project.id]);
  expect(plan).toContain("Index Scan Backward using instances_project_id_workflow_id_status_started_at_seq_idx");
  expect(plan).not.toContain("Seq Scan on instances");
});

test("strips and standings of a page are read from the ends of indexes", async () => {
  const { db, plans } = recordingPool();
  const { items } = await listWorkflowRows(project.caller, { q: "" }, db);
  await loadStandings(
    db,
    project.id,
    items.map(({ id }) => id),
  );
  const [, strips, standings] = await plans();
  expect(strips).toContain("Index Scan Backward using instances_project_id_workflow_id_started_at_seq_idx");
  expect(standings).toContain("Index Scan Backward using instances_project_id_workflow_id_status_started_at_seq_idx");
  expect(standings).toContain("stage_executions_pkey");
  expect(`${strips}${standings}`).not.toMatch(/Seq Scan on (instances|stage_executions)/);
});
