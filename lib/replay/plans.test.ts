import { beforeAll, expect, test } from "vitest";
import { pool } from "@/lib/db/pool";
import { recordingPool } from "@/lib/testing/explain";
import { makeWorkflow, storeInstances } from "@/lib/testing/workflows";
import { makeProject, type TestProject } from "@/lib/testing/world";
import { loadFamily } from "./lineage";
import { loadSessions } from "./sessions";
import { loadOpen } from "./work-queue";

const COUNT = 20_000;
let project: TestProject;
let first: string;

beforeAll(async () => {
  project = await makeProject();
  const workflow = await makeWorkflow(project.id, { id: "forked" });
  await storeInstances(project.id, workflow, COUNT);
  const { rows } = await pool().query<{ id: string }>(
    "SELECT id FROM instances WHERE project_id = $1 ORDER BY seq LIMIT 1",
    [project.id],
  );
  first = rows[0]?.id ?? "";
  // Every hundredth is a fork of the first, and sessions are old but for the newest.
  await pool().query("UPDATE instances SET origin_id = $2 WHERE project_id = $1 AND seq > 1 AND seq % 100 = 0", [
    project.id,
    first,
  ]);
  await pool().query(
    `INSERT INTO replay_sessions (project_id, kind, instance_id, other_id, actor, actor_name, created_at)
     SELECT project_id, CASE WHEN seq % 2 = 0 THEN 'fork' ELSE 'compare' END::replay_kind, id, id, 'key:1', 'key:a', now() - ($2 - seq) * interval '1 minute'
       FROM instances WHERE project_id = $1`,
    [project.id, COUNT],
  );
  await pool().query("ANALYZE");
});

test("sessions of an instance are read from the ends of two indexes", async () => {
  for (const cursor of [
    undefined,
    Buffer.from(JSON.stringify([Date.now() * 1000, crypto.randomUUID()])).toString("base64url"),
  ]) {
    const { db, plans } = recordingPool();
    expect(await loadSessions(db, { projectId: project.id, id: first, limit: 51, cursor })).toHaveLength(1);
    const [plan = ""] = await plans();
    expect(plan).toContain("replay_sessions_project_id_instance_id_created_at_id_idx");
    expect(plan).toContain("replay_sessions_project_id_other_id_created_at_id_idx");
    expect(plan).not.toMatch(/Seq Scan/);
  }
});

test("a family is followed by index", async () => {
  const { db, plans } = recordingPool();
  expect((await loadFamily(db, project.id, first)).length).toBeGreaterThan(150);
  const [plan = ""] = await plans();
  expect(plan).toContain("instances_origin_idx");
  expect(plan).not.toMatch(/Seq Scan/);
});

test("open commands are read by an index of those that nobody took on", async () => {
  const { db, plans } = recordingPool();
  await loadOpen(db, { projectId: project.id, workflowId: null, after: null }, 51);
  const [plan = ""] = await plans();
  expect(plan).toContain("replay_sessions_open_idx");
  expect(plan).not.toMatch(/Seq Scan/);
});
