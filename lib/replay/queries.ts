import type { Caller } from "@/lib/auth/caller";
import { decodeCursor, toPage } from "@/lib/core/cursor";
import { AppError, invalid, notFound } from "@/lib/core/errors";
import { dollars } from "@/lib/core/money";
import { type Db, pool } from "@/lib/db/pool";
import { requireInstance } from "@/lib/workflows/read/own";
import type { InstanceStatus } from "@/lib/workflows/schema";
import { beyondBytes, megabytes } from "./payload-bounds";
import type { Timeline, TimelineQuery, TimelineStep } from "./schema";

type Row = Omit<TimelineStep, "executed_at" | "cost_usd" | "priced" | "cumulative_cost_usd"> & {
  at: Date;
  cost_micros: number | null;
  cumulative_micros: number;
};

/** The costs so far are summed over all steps, also those before a page. */
const STEPS = `
  SELECT ordinal AS step, ordinal < $6 AS copied, path AS stage_path, stage_name, status, at, response_time_ms, agent AS agent_code, model_id, input_tokens,
         output_tokens, cost_micros, context_size_bytes, handoff_reason, status_text, usage, tool_calls, payload,
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

/** Bytes of payloads, as text, in one answer. */
const MAX_BYTES = 32 * 1024 * 1024;

/** As much of a part as one answer holds. Throws `payload_too_large` when all was asked for and that is more. */
async function bounded(db: Db, { projectId, id }: Place, part: Part): Promise<Part> {
  const beyond = await beyondBytes(db, { projectId, ids: [id], ...part }, MAX_BYTES);
  if (beyond === null) return part;
  if (part.limit !== null) return { ...part, limit: Math.max(1, beyond.nFitting) };
  const detail = `The payloads of this timeline take ${megabytes(beyond.bytes)}; at most ${megabytes(MAX_BYTES)} come in one answer. Ask for it in pages, by limit and cursor.`;
  throw new AppError("payload_too_large", detail);
}

type Head = { workflow_id: string; status: InstanceStatus; n_steps: number; n_copied: number };

/**
 * The timeline of an instance of the caller's project: all of it as it is at one moment, or a page, which ends early when its
 * payloads are large. Throws `not_found`, `forbidden`, `invalid_input` and `payload_too_large`.
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
  const place = { projectId: caller.projectId, id };
  const all = { after, end: head.n_steps, limit: limit ?? null, copied: head.n_copied };
  const part = await bounded(pool(), place, all);
  const steps = await loadTimeline(pool(), place, { ...part, limit: part.limit && part.limit + 1 });
  const page =
    part.limit === null ? { items: steps, nextCursor: null } : toPage(steps, part.limit, ({ step }) => [step]);
  return {
    instance_id: id,
    workflow_id: head.workflow_id,
    status: head.status,
    total_steps: head.n_steps,
    timeline: page.items,
    next_cursor: page.nextCursor,
  };
}
