import type { Caller } from "@/lib/auth/caller";
import { notFound } from "@/lib/core/errors";
import { dollars } from "@/lib/core/money";
import { isFarOff } from "@/lib/costs/price";
import { type Db, pool } from "@/lib/db/pool";
import { requireInstance } from "@/lib/workflows/read/own";
import type { Step } from "@/lib/workflows/schema";
import { type StepColumns, type TrackStep, toColumns } from "./columns";
import type { InstanceNow, StepDetail, StepsPage } from "./schema";
import { type InstanceColumns, toInstanceNow } from "./watch-rows";

const STEPS_AT_ONCE = 10_000;

const NOW = "id, status, n_steps, started_at, ended_at, failure_reason, due_at";

/** How an instance of the caller's project fares. Throws `not_found` and `forbidden`. */
export async function getInstanceNow(caller: Caller, id: string): Promise<InstanceNow> {
  await requireInstance(caller, id, pool());
  const values = [caller.projectId, id];
  const { rows } = await pool().query<InstanceColumns>(
    `SELECT ${NOW} FROM instances WHERE project_id = $1 AND id = $2`,
    values,
  );
  const [row] = rows;
  if (row === undefined) throw notFound("instance");
  return toInstanceNow(row);
}

/** As the driver gives them without names. */
type StepRow = [
  path: string,
  name: string | null,
  agent: string | null,
  at: number,
  isFailed: boolean,
  isFinal: boolean,
];

const toTrackStep = ([path, name, agent, at, isFailed, isFinal]: StepRow): TrackStep => ({
  path,
  name,
  agent,
  at: Math.floor(at),
  isFailed,
  isFinal,
});

export type Place = { projectId: string; id: string };

/** Steps of an instance from number `first` on. */
export async function loadColumns(
  db: Db,
  { projectId, id }: Place,
  from: { first: number; limit: number },
): Promise<StepColumns> {
  // The time as a number, because a date costs the driver as much as the rest of a row.
  const { rows } = await db.query<StepRow>({
    rowMode: "array",
    text: `SELECT path, stage_name, agent, (extract(epoch FROM at) * 1000)::float8, status = 'failed', is_final
             FROM stage_executions WHERE project_id = $1 AND instance_id = $2 AND ordinal >= $3 ORDER BY ordinal LIMIT $4`,
    values: [projectId, id, from.first, from.limit],
  });
  return toColumns(from.first, rows.map(toTrackStep));
}

/** The steps of an instance after number `after`, at most 10,000, and how it fares. Throws `not_found` and `forbidden`. */
export async function getSteps(caller: Caller, id: string, { after }: { after: number }): Promise<StepsPage> {
  const instance = await getInstanceNow(caller, id);
  const place = { projectId: caller.projectId, id };
  return { instance, steps: await loadColumns(pool(), place, { first: after + 1, limit: STEPS_AT_ONCE }) };
}

type Computed = "executed_at" | "cost_usd" | "computed_cost_usd" | "differs" | "cumulative_cost_usd";
type DetailRow = Omit<StepDetail, Computed> & {
  at: Date;
  cost_micros: number | null;
  computed_micros: number | null;
  cumulative_micros: number;
};

const usd = (micros: number | null): number | null => (micros === null ? null : dollars(micros));

const DETAIL = `
  SELECT ordinal AS step, path AS stage_path, stage_name, status, agent AS agent_code, at, response_time_ms, is_final, handoff_reason,
         status_text, model_id, input_tokens, output_tokens, cost_micros, computed_micros, context_size_bytes, usage, tool_calls, payload, span_id,
         (SELECT coalesce(sum(cost_micros), 0)::int8 FROM stage_executions
           WHERE project_id = $1 AND instance_id = $2 AND ordinal <= $3) AS cumulative_micros
    FROM stage_executions WHERE project_id = $1 AND instance_id = $2 AND ordinal = $3`;

/** Everything that is kept of one step. Throws `not_found` and `forbidden`. */
export async function getStep(caller: Caller, { id, step }: { id: string; step: Step["step"] }): Promise<StepDetail> {
  await requireInstance(caller, id, pool());
  const { rows } = await pool().query<DetailRow>(DETAIL, [caller.projectId, id, step]);
  if (rows[0] === undefined) throw notFound("step");
  const { at, cost_micros, computed_micros, cumulative_micros, ...kept } = rows[0];
  return {
    ...kept,
    executed_at: at.toISOString(),
    cost_usd: usd(cost_micros),
    computed_cost_usd: usd(computed_micros),
    differs: cost_micros !== null && computed_micros !== null && isFarOff(cost_micros, computed_micros),
    cumulative_cost_usd: dollars(cumulative_micros),
  };
}
