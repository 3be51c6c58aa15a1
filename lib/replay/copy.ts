import { AppError } from "@/lib/core/errors";
import { mergePatch } from "@/lib/core/merge-patch";
import type { Db } from "@/lib/db/pool";

/** Signals of the workflow wait while steps are copied; no longer than these take. */
const MAX_COPIED = 100_000;

type Origin = { projectId: string; id: string };

/** The steps of an instance up to and with some number, as those who go on from them have to know them. */
export type Prefix = { nSteps: number; costMicros: number; paths: string[]; lastAgent: string | null };

/**
 * The steps of an instance up to the newest of a stage; null when it has none of that stage. Its workflow must be locked.
 * Throws `payload_too_large` for more than 100,000.
 */
export async function findPrefix(db: Db, { projectId, id }: Origin, stage: string): Promise<Prefix | null> {
  const { rows } = await db.query<Omit<Prefix, "nSteps"> & { nSteps: number | null }>({
    name: "steps-to-copy",
    text: `WITH upto AS (SELECT max(ordinal) AS last FROM stage_executions WHERE project_id = $1 AND instance_id = $2 AND path = $3)
           SELECT (SELECT last + 1 FROM upto) AS "nSteps", coalesce(sum(cost_micros), 0)::int8 AS "costMicros",
                  coalesce(array_agg(DISTINCT path), '{}') AS paths,
                  (array_agg(agent ORDER BY ordinal DESC) FILTER (WHERE agent IS NOT NULL))[1] AS "lastAgent"
             FROM stage_executions WHERE project_id = $1 AND instance_id = $2 AND ordinal <= (SELECT last FROM upto)`,
    values: [projectId, id, stage],
  });
  const [found] = rows;
  if (found === undefined || found.nSteps === null) return null;
  if (found.nSteps > MAX_COPIED)
    throw new AppError(
      "payload_too_large",
      `There are ${found.nSteps} steps up to there; at most ${MAX_COPIED} are copied.`,
    );
  return { ...found, nSteps: found.nSteps };
}

const COPIED = `ordinal, path, status, stage_name, agent, at, is_final, status_text, response_time_ms, model_id, input_tokens,
  output_tokens, cost_micros, context_size_bytes, handoff_reason, usage, tool_calls`;

type Copy = { from: Origin; to: string; nSteps: number; patches: Readonly<Record<string, unknown>> };

/** Copies the first steps of an instance into another, with merge patches by path for their payloads. The origin stays as it is. */
export async function copySteps(tx: Db, { from, to, nSteps, patches }: Copy): Promise<void> {
  const { projectId, id } = from;
  const place = [projectId, id, nSteps];
  const paths = Object.keys(patches);
  const { rows } = await tx.query<{ ordinal: number; path: string; payload: unknown }>(
    `SELECT ordinal, path, payload FROM stage_executions
      WHERE project_id = $1 AND instance_id = $2 AND ordinal < $3 AND path = ANY ($4)`,
    [...place, paths],
  );
  const payloads = rows.map(({ path, payload }) => JSON.stringify(mergePatch(payload, patches[path])));
  await tx.query({
    name: "copy-steps",
    text: `INSERT INTO stage_executions (project_id, instance_id, ${COPIED}, payload)
           SELECT $1, $4, ${COPIED}, CASE WHEN p.at_step IS NULL THEN payload ELSE p.patched END
             FROM stage_executions LEFT JOIN unnest($5::int[], $6::jsonb[]) AS p (at_step, patched) ON p.at_step = ordinal
            WHERE project_id = $1 AND instance_id = $2 AND ordinal < $3`,
    values: [...place, to, rows.map(({ ordinal }) => ordinal), payloads],
  });
}
