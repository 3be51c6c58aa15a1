import { beforeEach, describe, expect, test } from "vitest";
import { AppError } from "@/lib/core/errors";
import { pool } from "@/lib/db/pool";
import { commitStages, type StageOutcome } from "@/lib/ingest/stages/commit-stages";
import { readStage } from "@/lib/ingest/stages/read-stage";
import { makeWebhook } from "@/lib/testing/outbox";
import { makeWorkflow, staticRules } from "@/lib/testing/workflows";
import { makeProject, type TestProject } from "@/lib/testing/world";
import { expireInstances } from "./expire";

const WORKFLOWS = 60;
const OVERDUE = 600;
let project: TestProject;
let overdue: { id: string; workflow_id: string }[];

/** 600 instances, ten of each workflow, whose second stage is overdue. */
beforeEach(async () => {
  await pool().query("DELETE FROM projects");
  project = await makeProject();
  await makeWebhook(project, "https://example.org/hook");
  const bounded = staticRules(3, { mode: "strict" });
  const stages = bounded.stages.map((stage) => ({ ...stage, timeoutSeconds: 60 }));
  for (let made = 0; made < WORKFLOWS; made += 1) await makeWorkflow(project.id, { rules: { ...bounded, stages } });
  const stored = await pool().query<{ id: string; workflow_id: string }>(
    `INSERT INTO instances (project_id, workflow_id, id, seq, version, started_at, n_steps, reached, last_signal_at, progress_at, due_at, watch_at)
     SELECT project_id, w.id, 's' || left(md5(w.id || n), 16), n, 1, at, 1, '{1}', at, at, at + interval '1 minute', at + interval '1 minute'
       FROM workflows w, generate_series(1, $1::int) AS n, LATERAL (SELECT now() - interval '1 hour' + n * interval '1 second' AS at) AS began
     RETURNING id, workflow_id`,
    [OVERDUE / WORKFLOWS],
  );
  overdue = stored.rows;
  await pool().query("UPDATE workflows SET n_instances = $1", [OVERDUE / WORKFLOWS]);
  await pool().query(
    "INSERT INTO stage_executions (project_id, instance_id, ordinal, path, status, at) SELECT project_id, id, 0, '1', 'success', started_at FROM instances",
  );
});

/** Sends the second stage to every other instance in small batches, as a burst would. Gives what became of each. */
async function sendAll(): Promise<Map<string, StageOutcome>> {
  const late = overdue.filter((_, index) => index % 2 === 0);
  const outcomes = new Map<string, StageOutcome>();
  for (let from = 0; from < late.length; from += 10) {
    const batch = late.slice(from, from + 10).map(({ id, workflow_id: workflowId }) => {
      const query = new URLSearchParams({ stage: "2", instance_id: id, key: project.pingKey });
      return readStage({ kind: "static", workflowId }, query, { headers: {}, body: null, isWhole: true });
    });
    for (const [index, outcome] of (await commitStages(batch)).entries()) {
      outcomes.set(late[from + index]?.id ?? "", outcome);
    }
  }
  return outcomes;
}

async function sweepUntilDone(limit: number): Promise<void> {
  // A sweeper that finds everything held by others may stop; the others finish the work.
  while ((await expireInstances(limit)).looked > 0);
}

type Seen = {
  id: string;
  status: string;
  failure_reason: string | null;
  n_steps: number;
  stored: number;
  told: number;
  delivered: number;
  is_dated: boolean;
};

async function observe(): Promise<Seen[]> {
  const found = await pool().query<Seen>(
    `SELECT i.id, i.status, i.failure_reason, i.n_steps, i.ended_at IS NULL OR i.ended_at < now() - interval '50 minutes' AS is_dated,
            (SELECT count(*)::int FROM stage_executions e WHERE e.instance_id = i.id) AS stored,
            (SELECT count(*)::int FROM alerts a WHERE a.data ->> 'instance_id' = i.id AND a.type = 'workflow.stage_timeout') AS told,
            (SELECT count(*)::int FROM deliveries d JOIN alerts a ON a.id = d.alert_id WHERE a.data ->> 'instance_id' = i.id) AS delivered
       FROM instances i`,
  );
  return found.rows;
}

/** What an honest observer would expect of an instance whose second stage was answered like this, or was never sent. */
function expected(id: string, outcome: StageOutcome | undefined): Seen {
  const isTaken = outcome !== undefined && !(outcome instanceof AppError);
  const steps = isTaken ? 2 : 1;
  return {
    id,
    status: isTaken ? "running" : "failed",
    failure_reason: isTaken ? null : "Stage 2 timeout",
    n_steps: steps,
    stored: steps,
    told: isTaken ? 0 : 1,
    delivered: isTaken ? 0 : 1,
    is_dated: true,
  };
}

const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : 1);

describe("sweepers against 600 overdue instances with 300 stages landing beside them", () => {
  test.each([1, 2, 8])(
    "%i sweepers: every instance ends in one way, and what was answered is what is so",
    async (sweepers) => {
      const [outcomes] = await Promise.all([sendAll(), ...Array.from({ length: sweepers }, () => sweepUntilDone(20))]);
      await sweepUntilDone(1000);
      const refusals = [...outcomes.values()].filter((outcome) => outcome instanceof AppError);
      expect(new Set(refusals.map(({ code }) => code))).toEqual(
        new Set(refusals.length > 0 ? ["instance_failed"] : []),
      );
      const seen = await observe();
      expect(seen.toSorted(byId)).toEqual(overdue.toSorted(byId).map(({ id }) => expected(id, outcomes.get(id))));
      expect(seen.filter(({ status }) => status === "failed").length).toBeGreaterThanOrEqual(OVERDUE / 2);
      const alerts = await pool().query("SELECT count(*)::int AS n FROM alerts");
      expect(alerts.rows).toEqual([{ n: OVERDUE - (outcomes.size - refusals.length) }]);
    },
  );
});
