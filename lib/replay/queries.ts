import type { Caller } from "@/lib/auth/caller";
import { decodeCursor, toPage } from "@/lib/core/cursor";
import { invalid, notFound } from "@/lib/core/errors";
import { dollars } from "@/lib/core/money";
import { type Db, pool } from "@/lib/db/pool";
import { requireInstance } from "@/lib/workflows/read/own";
import type { InstanceStatus } from "@/lib/workflows/schema";
import type { Timeline, TimelineQuery, TimelineStep } from "./schema";

type Row = Omit<TimelineStep, "executed_at" | "cost_usd" | "priced" | "cumulative_cost_usd"> & {
  at: Date;
  cost_micros: number | null;
  cumulative_micros: number;
};

/** The costs so far are summed over all steps, also those before a page. */
const STEPS = `
  SELECT ordinal AS step, ordinal < $6 AS copied, path AS stage_path, stage_name, status, at, response_time_ms, agent AS agent_code, model_id, input_tokens,
         output_tokens, cost_micros, context_size_bytes, handoff_reason, usage, tool_calls, payload,
         (coalesce(sum(cost_micros) OVER (ORDER BY ordinal), 0)
           + (SELECT coalesce(sum(cost_micros), 0) FROM stage_executions WHERE project_id = $1 AND instance_id = $2 AND ordinal <= $3)
         )::int8 AS cumulative_micros
    FROM stage_executions WHERE project_id = $1 AND instance_id = $2 AND ordinal > $3 AND ordinal < $4
   ORDER BY ordinal LIMIT $5`;

type Place = { projectId: string; id: string };
type Part = { after: number; end: number; limit: number | null; copied: number };

/** Steps of an instance after number `after` and before `end`, in their order. */
async function loadTimeline(
  db: Db,
  { projectId, id }: Place,
  { after, end, limit, copied }: Part,
): Promise<TimelineStep[]> {
  const { rows } = await db.query<Row>({
    name: "instance-timeline",
    text: STEPS,
    values: [projectId, id, after, end, limit, copied],
  });
  return rows.map(({ at, cost_micros: cost, cumulative_micros: cumulative, ...step }) => ({
    ...step,
    executed_at: at.toISOString(),
    cost_usd: cost === null ? null : dollars(cost),
    priced: cost !== null,
    cumulative_cost_usd: dollars(cumulative),
  }));
}

function position(cursor: string | undefined): number {
  const [at] = decodeCursor(cursor, 1) ?? [];
  if (at === undefined) return -1;
  if (typeof at === "number" && Number.isInteger(at) && at >= 0 && at < 2 ** 31) return at;
  throw invalid("cursor", "is not a cursor of this list");
}

type Head = { workflow_id: string; status: InstanceStatus; n_steps: number; n_copied: number };

/**
 * The timeline of an instance of the caller's project: all of it as it is at one moment, or a page. Throws `not_found`,
 * `forbidden` and `invalid_input`.
 */
export async function getTimeline(caller: Caller, id: string, { limit, cursor }: TimelineQuery): Promise<Timeline> {
  const after = position(cursor);
  await requireInstance(caller, id, pool());
  const { rows } = await pool().query<Head>(
    "SELECT workflow_id, status, n_steps, n_copied FROM instances WHERE project_id = $1 AND id = $2",
    [caller.projectId, id],
  );
  const [head] = rows;
  if (head === undefined) throw notFound("instance");
  const most = limit === undefined ? null : limit + 1;
  const part = { after, end: head.n_steps, limit: most, copied: head.n_copied };
  const steps = await loadTimeline(pool(), { projectId: caller.projectId, id }, part);
  const page = limit === undefined ? { items: steps, nextCursor: null } : toPage(steps, limit, ({ step }) => [step]);
  return {
    instance_id: id,
    workflow_id: head.workflow_id,
    status: head.status,
    total_steps: head.n_steps,
    timeline: page.items,
    next_cursor: page.nextCursor,
  };
}
