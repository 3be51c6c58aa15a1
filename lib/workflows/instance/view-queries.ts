import type { Caller } from "@/lib/auth/caller";
import { notFound } from "@/lib/core/errors";
import { type Db, pool } from "@/lib/db/pool";
import { Definition } from "@/lib/workflows/definition";
import { requireInstance } from "@/lib/workflows/read/own";
import type { StepColumns } from "./columns";
import { loadColumns, type Place } from "./instance-queries";
import type { InstanceNow } from "./schema";
import type { Stage } from "./stages";
import { type InstanceColumns, toInstanceNow } from "./watch-rows";

/** Steps that come with the page; the others follow when it is there. */
const FIRST_STEPS = 100;
/** Stages that come with the page. */
const FIRST_STAGES = 200;

/** The newest step of each path and how often it came; the first 200 paths in the order of their first arrival. */
const STAGES = `
  SELECT t.path, t.count, t.step, s.agent, s.status, n.stage_name AS name
    FROM (SELECT path, count(*)::int AS count, max(ordinal) AS step, min(ordinal) AS first FROM stage_executions
           WHERE project_id = $1 AND instance_id = $2 GROUP BY path ORDER BY first LIMIT ${FIRST_STAGES}) t
    JOIN stage_executions s ON s.project_id = $1 AND s.instance_id = $2 AND s.ordinal = t.step
    LEFT JOIN LATERAL (SELECT stage_name FROM stage_executions x
                        WHERE x.project_id = $1 AND x.instance_id = $2 AND x.path = t.path AND x.stage_name IS NOT NULL
                        ORDER BY x.ordinal DESC LIMIT 1) n ON true
   ORDER BY t.first`;

type StageRow = Omit<Stage, "status"> & { status: "success" | "failed" };

async function loadStages(db: Db, { projectId, id }: Place): Promise<Stage[]> {
  const { rows } = await db.query<StageRow>(STAGES, [projectId, id]);
  return rows.map(({ status, ...stage }) => ({ ...stage, status: status === "failed" ? "failed" : "healthy" }));
}

export type Pending = { path: string; name: string | null };

/** What is still awaited: the declared stages, else those of the last completed instance of its workflow. */
async function loadPending(db: Db, projectId: string, { workflow_id, status, rules }: ViewRow): Promise<Pending[]> {
  if (rules.kind === "static") return rules.stages.map(({ name }, index) => ({ path: String(index + 1), name }));
  if (status === "completed") return [];
  const { rows } = await db.query<Pending>(
    `SELECT s.path, s.stage_name AS name
       FROM (SELECT id FROM instances WHERE project_id = $1 AND workflow_id = $2 AND status = 'completed'
              ORDER BY started_at DESC, seq DESC LIMIT 1) i,
            LATERAL (SELECT DISTINCT ON (path) path, stage_name FROM stage_executions
                      WHERE project_id = $1 AND instance_id = i.id ORDER BY path DESC, ordinal DESC LIMIT ${FIRST_STAGES}) s`,
    [projectId, workflow_id],
  );
  return rows;
}

type ViewRow = InstanceColumns & {
  progress_at: Date;
  newest_path: string | null;
  newest_name: string | null;
  workflow_id: string;
  workflow_name: string;
  seq: number;
  agent_code: string | null;
  credit_ms: number;
  n_copied: number;
  rules: Definition;
};

const VIEW = `
  SELECT i.id, i.status, i.n_steps, i.started_at, i.ended_at, i.failure_reason, i.due_at, i.workflow_id, w.name AS workflow_name,
         i.seq, i.agent_code, i.credit_ms, i.n_copied, i.progress_at, d.rules,
         n.path AS newest_path, n.stage_name AS newest_name
    FROM instances i
    JOIN workflows w ON w.project_id = i.project_id AND w.id = i.workflow_id
    JOIN workflow_definitions d ON d.project_id = i.project_id AND d.workflow_id = i.workflow_id AND d.version = i.version
    LEFT JOIN stage_executions n ON n.project_id = i.project_id AND n.instance_id = i.id AND n.ordinal = i.n_steps - 1
   WHERE i.project_id = $1 AND i.id = $2`;

/** What the page of an instance begins with: what its first view shows, whatever the number of its steps. */
export type InstanceView = {
  instance: InstanceNow;
  workflow: { id: string; name: string };
  definition: Definition;
  /** Which one of its workflow it is: 1, 2, 3 … */
  seq: number;
  agent: string | null;
  /** When the newest stage that had not come before arrived, in epoch milliseconds, and the newest step. */
  progressAt: number;
  newest: { path: string; name: string | null } | null;
  /** What our own outages added to its deadlines, in milliseconds. */
  creditMs: number;
  /** How many of its first steps were copied from the instance that it was forked from. */
  copied: number;
  stages: Stage[];
  pending: Pending[];
  /** The first ones. */
  steps: StepColumns;
};

/** One instance of the caller's project with its first steps and stages. Throws `not_found` and `forbidden`. */
export async function getInstanceView(caller: Caller, id: string, db: Db = pool()): Promise<InstanceView> {
  await requireInstance(caller, id, db);
  const place = { projectId: caller.projectId, id };
  const { rows } = await db.query<ViewRow>(VIEW, [place.projectId, id]);
  const [row] = rows;
  if (row === undefined) throw notFound("instance");
  const definition = Definition.parse(row.rules);
  const [stages, pending, steps] = await Promise.all([
    loadStages(db, place),
    loadPending(db, place.projectId, { ...row, rules: definition }),
    loadColumns(db, place, { first: 0, limit: FIRST_STEPS }),
  ]);
  return {
    instance: toInstanceNow(row),
    workflow: { id: row.workflow_id, name: row.workflow_name },
    definition,
    seq: row.seq,
    agent: row.agent_code,
    progressAt: row.progress_at.getTime(),
    newest: row.newest_path === null ? null : { path: row.newest_path, name: row.newest_name },
    creditMs: row.credit_ms,
    copied: row.n_copied,
    stages,
    pending,
    steps,
  };
}
