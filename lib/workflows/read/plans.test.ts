import { beforeAll, expect, test } from "vitest";
import { pool } from "@/lib/db/pool";
import { recordingPool } from "@/lib/testing/explain";
import { makeInstance, makeWorkflow, storeInstances } from "@/lib/testing/workflows";
import { makeProject, type TestProject } from "@/lib/testing/world";
import { listWorkflows } from "@/lib/workflows/queries";
import { loadHandoffs } from "./handoff-rows";
import { type InstanceFilter, loadInstances } from "./instance-rows";
import { loadRejected } from "./rejected-rows";
import { loadStages } from "./stages";

const COUNT = 100_000;
let project: TestProject;
let workflowId: string;
let place: { projectId: string; workflowId: string };

beforeAll(async () => {
  project = await makeProject();
  workflowId = await makeWorkflow(project.id, { id: "large" });
  place = { projectId: project.id, workflowId };
  await storeInstances(project.id, workflowId, COUNT);
  const other = await makeWorkflow(project.id, { id: "other" });
  const steps = Array.from({ length: 5000 }, (_, at) => ({ path: String((at % 50) + 1), agent: "a" }));
  for (let more = 0; more < 5; more += 1) await makeInstance(project.id, other, { id: `d${more}`, steps });
  await pool().query(
    "INSERT INTO workflows (project_id, id, kind, name) SELECT $1, 'w' || n, 'dynamic', 'W' FROM generate_series(1, 2000) n",
    [project.id],
  );
  await pool().query(
    `INSERT INTO workflow_definitions (project_id, workflow_id, version, rules)
     SELECT $1, w.id, 1, d.rules FROM workflows w, workflow_definitions d WHERE w.id LIKE 'w%' AND d.workflow_id = 'large'`,
    [project.id],
  );
  await pool().query(
    `INSERT INTO rejected_pings (project_id, workflow_id, at, code, raw)
     SELECT $1, 'w' || 1 + n % 100, now(), 'stage_missed', '{}' FROM generate_series(1, 20000) n`,
    [project.id],
  );
  await pool().query(
    `INSERT INTO handoffs (project_id, workflow_id, at, instance_id, ordinal, from_agent, to_agent, gap_ms)
     SELECT $1, 'w' || 1 + n % 100, now() - n * interval '1 minute', 'i', n, 'a', 'b', 1 FROM generate_series(1, 20000) n`,
    [project.id],
  );
  await pool().query("ANALYZE");
});

const BY_START = "instances_project_id_workflow_id_started_at_seq_idx";
const BY_STATUS = "instances_project_id_workflow_id_status_started_at_seq_idx";
const BY_AGENT = "instances_project_id_workflow_id_agent_code_started_at_seq_idx";
const AT = Buffer.from(JSON.stringify([Date.now() * 1000, 5])).toString("base64url");

test.each<[Partial<InstanceFilter>, string]>([
  [{}, BY_START],
  [{ cursor: AT }, BY_START],
  [{ from: "2026-01-01", to: "2100-01-01" }, BY_START],
  [{ statuses: ["running"] }, BY_STATUS],
  [{ statuses: ["paused", "completed", "failed", "terminated"] }, BY_STATUS],
  [{ statuses: ["paused", "completed", "failed", "terminated"], cursor: AT }, BY_STATUS],
  [{ agent: "nobody" }, BY_AGENT],
])("instances by %j are read from the end of %s", async (filter, index) => {
  const { db, plans } = recordingPool();
  await loadInstances(db, place, { limit: 51, ...filter });
  const [plan] = await plans();
  expect(plan).toContain(`Index Scan Backward using ${index}`);
  expect(plan).not.toMatch(/Seq Scan/);
});

test("workflows are read in the order of an index, and what is told of each by indexes", async () => {
  const { db, plans } = recordingPool();
  await listWorkflows(project.caller, { limit: 50 }, db);
  const [plan] = await plans();
  expect(plan).toContain("workflows_project_id_created_at_id_idx");
  expect(plan).toContain(BY_START);
  expect(plan).toContain(BY_STATUS);
  // The table of chosen channels is empty here.
  expect(plan).not.toMatch(/Seq Scan on (workflows|workflow_definitions|instances)/);
});

test("the newest step of each path is read in the order of an index", async () => {
  const { db, plans } = recordingPool();
  const subjects = [{ id: "d1", status: "running" as const, version: 1 }];
  await loadStages(db, { projectId: project.id, workflowId: "other", kind: "dynamic" }, subjects);
  const all = (await plans()).join("\n");
  expect(all).toContain("stage_executions_project_id_instance_id_path_ordinal_idx");
  expect(all).not.toMatch(/Seq Scan|Sort/);
});

test("refused signals and hand-offs are read through their keys", async () => {
  const { db, plans } = recordingPool();
  const one = { projectId: project.id, workflowId: "w7" };
  expect(await loadRejected(db, { ...one, kind: "dynamic", below: null, limit: 51 })).toHaveLength(51);
  expect(await loadHandoffs(db, { ...one, days: 3 })).toHaveLength(1);
  const [rejected, handoffs] = await plans();
  expect(rejected).toContain("Index Scan Backward using rejected_pings_pkey");
  expect(handoffs).toMatch(/(Scan using|on) handoffs_pkey/);
});
