import { AppError, notFound } from "@/lib/core/errors";
import { mergePatch } from "@/lib/core/merge-patch";
import type { Db } from "@/lib/db/pool";

/** Signals of the workflow wait while steps are copied; no longer than these take. */
const MAX_COPIED = 50_000;
/** Characters that patches add to the payloads of what is copied, at most. */
const MAX_PATCHED = 64_000_000;
/** Steps whose payloads are held at once; one may have a megabyte. */
const PATCHED_AT_ONCE = 50;

type Origin = { projectId: string; id: string };

/** The steps of an instance up to and with some number, as those who go on from them have to know them. */
export type Prefix = { nSteps: number; costMicros: number; paths: string[]; lastAgent: string | null };

/**
 * The steps of an instance up to the newest of a stage; null when it has none of that stage. Throws `payload_too_large` for
 * more than 50,000.
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
  output_tokens, cost_micros, computed_micros, context_size_bytes, handoff_reason, usage, tool_calls, span_id, parent_span_id, tags`;

type Copy = { from: Origin; to: string; nSteps: number; patches: Readonly<Record<string, unknown>> };

/**
 * Copies the first steps of an instance into another, with merge patches by path for their payloads. The origin stays as it
 * is. Throws `not_found` when steps of it have been removed meanwhile, and `payload_too_large`.
 */
export async function copySteps(tx: Db, copy: Copy): Promise<void> {
  const { from, to, nSteps, patches } = copy;
  const plain = await tx.query({
    name: "copy-steps",
    text: `INSERT INTO stage_executions (project_id, instance_id, ${COPIED}, payload)
           SELECT $1, $4, ${COPIED}, payload FROM stage_executions
            WHERE project_id = $1 AND instance_id = $2 AND ordinal < $3 AND path <> ALL ($5)`,
    values: [from.projectId, from.id, nSteps, to, Object.keys(patches)],
  });
  const copied = (plain.rowCount ?? 0) + (await copyPatched(tx, copy));
  if (copied < nSteps) throw notFound("instance");
}

type Patched = { ordinal: number; path: string; payload: unknown };

/** Copies the steps of patched stages, some at a time, and gives how many there were. */
async function copyPatched(tx: Db, { from, to, nSteps, patches }: Copy): Promise<number> {
  const paths = Object.keys(patches);
  if (paths.length === 0) return 0;
  const values = [from.projectId, from.id, nSteps, paths];
  const { rows } = await tx.query<{ path: string; count: number }>(
    `SELECT path, count(*)::int AS count FROM stage_executions
      WHERE project_id = $1 AND instance_id = $2 AND ordinal < $3 AND path = ANY ($4) GROUP BY path`,
    values,
  );
  const added = rows.reduce((sum, { path, count }) => sum + count * JSON.stringify(patches[path]).length, 0);
  if (added > MAX_PATCHED)
    throw new AppError("payload_too_large", "The modifications are too long for as many steps as they change.");
  let copied = 0;
  for (let after = -1; ; ) {
    const page = await tx.query<Patched>(
      `SELECT ordinal, path, payload FROM stage_executions
        WHERE project_id = $1 AND instance_id = $2 AND ordinal < $3 AND path = ANY ($4) AND ordinal > $5
        ORDER BY ordinal LIMIT ${PATCHED_AT_ONCE}`,
      [...values, after],
    );
    const payloads = page.rows.map(({ path, payload }) => JSON.stringify(mergePatch(payload, patches[path])));
    const ordinals = page.rows.map(({ ordinal }) => ordinal);
    await tx.query({
      name: "copy-patched-steps",
      text: `INSERT INTO stage_executions (project_id, instance_id, ${COPIED}, payload)
             SELECT $1, $3, ${COPIED}, p.patched
               FROM unnest($4::int[], $5::jsonb[]) AS p (step, patched)
               JOIN stage_executions ON project_id = $1 AND instance_id = $2 AND ordinal = p.step`,
      values: [from.projectId, from.id, to, ordinals, payloads],
    });
    copied += ordinals.length;
    if (ordinals.length < PATCHED_AT_ONCE) return copied;
    after = ordinals.at(-1) ?? nSteps;
  }
}
