import type { Db } from "@/lib/db/pool";
import type { InstanceStatus, Step } from "@/lib/workflows/schema";
import type { InstanceNow } from "./schema";

/** What is asked about an instance: what of it is known. A mark stands for everything but its steps. */
export type Known = { projectId: string; id: string; nSteps: number; mark: string };

/** An instance of which something is news; `now` is null when it is gone. */
export type News = { id: string; mark: string; now: InstanceNow | null };

type Row = {
  id: string;
  mark: string | null;
  status: InstanceStatus;
  n_steps: number;
  started_at: Date;
  ended_at: Date | null;
  failure_reason: string | null;
  due_at: Date | null;
};

export type InstanceColumns = Omit<Row, "mark">;

/** The row of an instance as the stream of its events says it. */
export function toInstanceNow(row: InstanceColumns): InstanceNow {
  return {
    id: row.id,
    status: row.status,
    total_steps: row.n_steps,
    started_at: row.started_at.toISOString(),
    completed_at: row.ended_at?.toISOString() ?? null,
    failure_reason: row.failure_reason,
    due_at: row.due_at?.toISOString() ?? null,
  };
}

const MARK = "concat_ws('/', i.status, extract(epoch FROM i.due_at), i.ended_at IS NULL, i.failure_reason)";
const ASK = `
  SELECT w.id, CASE WHEN i.id IS NOT NULL THEN ${MARK} END AS mark,
         i.status, i.n_steps, i.started_at, i.ended_at, i.failure_reason, i.due_at
    FROM unnest($1::uuid[], $2::text[], $3::int[], $4::text[]) AS w (project_id, id, n_steps, mark)
    LEFT JOIN instances i ON i.project_id = w.project_id AND i.id = w.id
   WHERE i.id IS NULL OR i.n_steps <> w.n_steps OR ${MARK} <> w.mark`;

/** Of these instances those that are not as they are known, in one statement. */
export async function askForNews(db: Db, known: Known[]): Promise<News[]> {
  const { rows } = await db.query<Row>({
    name: "instance-news",
    text: ASK,
    values: [
      known.map(({ projectId }) => projectId),
      known.map(({ id }) => id),
      known.map(({ nSteps }) => nSteps),
      known.map(({ mark }) => mark),
    ],
  });
  return rows.map((row) => ({ id: row.id, mark: row.mark ?? "", now: row.mark === null ? null : toInstanceNow(row) }));
}

type StepRow = Omit<Step, "executed_at"> & { at: Date };

/** Steps of an instance from number `first` up to but without `end`, in their order. */
export async function loadSteps(
  db: Db,
  { projectId, id }: Pick<Known, "projectId" | "id">,
  { first, end, limit }: { first: number; end: number; limit: number },
): Promise<Step[]> {
  const { rows } = await db.query<StepRow>({
    name: "instance-steps",
    text: `SELECT ordinal AS step, path AS stage_path, stage_name, status, agent AS agent_code, at, response_time_ms, is_final, handoff_reason
             FROM stage_executions WHERE project_id = $1 AND instance_id = $2 AND ordinal >= $3 AND ordinal < $4
            ORDER BY ordinal LIMIT $5`,
    values: [projectId, id, first, end, limit],
  });
  return rows.map(({ at, ...step }) => ({ ...step, executed_at: at.toISOString() }));
}
