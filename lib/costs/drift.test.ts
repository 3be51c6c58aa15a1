import { expect, test } from "vitest";
import { pool } from "@/lib/db/pool";
import { freshId } from "@/lib/testing/stages";
import { makeWorkflow } from "@/lib/testing/workflows";
import { makeProject } from "@/lib/testing/world";
import { updateBudget } from "./commands";
import { tellDrifts } from "./drift";
import { listCostAlerts } from "./queries";

const soon = () => performance.now() + 60_000;
const USD = 1_000_000;

type Spent = { recent: number; earlier: number };

/** A workflow that has cost so many dollars on each day of the last week, and on each of the four before. */
async function spender(
  { caller, id: projectId }: Awaited<ReturnType<typeof makeProject>>,
  { recent, earlier }: Spent,
  isWatched = true,
): Promise<string> {
  const id = await makeWorkflow(projectId);
  await updateBudget(caller, id, { cost_anomaly_detection: isWatched });
  await pool().query(
    `INSERT INTO cost_rollups (project_id, workflow_id, day, model_id, agent, n_steps, n_unpriced, cost_micros, input_tokens, output_tokens)
     SELECT $1, $2, current_date - n, m, '', 1, 0, (CASE WHEN n <= 7 THEN $3::float8 ELSE $4::float8 END * ${USD} / 2)::bigint, 0, 0
       FROM generate_series(1, 35) n, unnest(ARRAY['gpt-4o', 'o3']) m`,
    [projectId, id, recent, earlier],
  );
  return id;
}

const ALL = { limit: 50, cursor: undefined, include_resolved: true };

test("a workflow that has become dearer is told of, once a week, and no other", async () => {
  const project = await makeProject();
  const dearer = await spender(project, { recent: 16, earlier: 10 });
  const others = await Promise.all([
    spender(project, { recent: 15, earlier: 10 }),
    spender(project, { recent: 16, earlier: 10 }, false),
    // Cents are not worth a word, however much they are of what was before.
    spender(project, { recent: 0.2, earlier: 0.01 }),
  ]);
  // At once and again, as two processes would.
  await Promise.all([tellDrifts(soon()), tellDrifts(soon())]);
  await tellDrifts(soon());
  const { items } = await listCostAlerts(project.caller, dearer, ALL);
  expect(items).toEqual([
    expect.objectContaining({
      alert_type: "cost_anomaly",
      instance_id: null,
      current_cost_usd: 16,
      threshold_usd: 15,
      action_taken: "alert",
      message: "Workflow cost $16.00 a day in the last week, more than 1.5 times the $10.00 of the four weeks before",
    }),
  ]);
  for (const other of others) expect((await listCostAlerts(project.caller, other, ALL)).items).toEqual([]);
});

test("more workflows than are looked at together are all looked at, and none when no time is left", async () => {
  const project = await makeProject();
  const { rows } = await pool().query<{ id: string }>(
    `INSERT INTO workflows (project_id, id, kind, name, budget)
     SELECT $1, $2 || n, 'dynamic', 'many', '{"anomalyDetection": true}' FROM generate_series(1, 450) n RETURNING id`,
    [project.id, freshId()],
  );
  await pool().query(
    `INSERT INTO cost_rollups (project_id, workflow_id, day, model_id, agent, n_steps, n_unpriced, cost_micros, input_tokens, output_tokens)
     SELECT $1, w, current_date - n, '', '', 1, 0, CASE WHEN n <= 7 THEN 3000000 ELSE 1000000 END, 0, 0 FROM unnest($2::text[]) w, generate_series(1, 35) n`,
    [project.id, rows.map(({ id }) => id)],
  );
  expect(await tellDrifts(performance.now() - 1)).toBe(0);
  await tellDrifts(soon());
  const told = await pool().query("SELECT DISTINCT subject_id FROM alerts WHERE project_id = $1", [project.id]);
  expect(told.rowCount).toBe(450);
});
