import { type Caller, callerName, requireScope } from "@/lib/auth/caller";
import { type Db, pool } from "@/lib/db/pool";
import { requireInstance } from "@/lib/workflows/read/own";
import { compare, type Step } from "./compare";
import type { CompareInstances, Comparison } from "./schema";

type Session = { kind: "compare"; instanceId: string; otherId: string; reason: string | null; result: object };

/** Keeps what somebody did with instances, and gives its id. */
async function storeSession(db: Db, caller: Caller, session: Session): Promise<string> {
  const { rows } = await db.query<{ id: string }>(
    `INSERT INTO replay_sessions (project_id, kind, instance_id, other_id, actor, actor_name, reason, result)
     VALUES ($1, $2::replay_kind, $3, $4, $5, $6, $7, $8) RETURNING id`,
    [
      caller.projectId,
      session.kind,
      session.instanceId,
      session.otherId,
      caller.actor,
      callerName(caller),
      session.reason,
      session.result,
    ],
  );
  return rows[0]?.id ?? "";
}

type Row = Omit<Step, "at"> & { at: Date };

const STEPS = `
  SELECT ordinal, path, stage_name AS "stageName", status, agent, model_id AS "modelId", input_tokens AS "inputTokens",
         output_tokens AS "outputTokens", cost_micros AS "costMicros", context_size_bytes AS "contextSizeBytes",
         handoff_reason AS "handoffReason", response_time_ms AS "responseTimeMs", at, payload
    FROM stage_executions WHERE project_id = $1 AND instance_id = $2 ORDER BY ordinal`;

async function loadSteps(db: Db, projectId: string, id: string): Promise<Step[]> {
  const { rows } = await db.query<Row>({ name: "compared-steps", text: STEPS, values: [projectId, id] });
  return rows.map(({ at, ...step }) => ({ ...step, at: at.getTime() }));
}

/**
 * Compares two instances of the caller's project as they are now; what came of it is kept as a session, but for its steps. Throws
 * `not_found` and `forbidden`.
 */
export async function compareInstances(
  caller: Caller,
  { instance_a: a, instance_b: b, reason }: CompareInstances,
): Promise<{ session_id: string; comparison: Comparison }> {
  requireScope(caller, "read");
  for (const id of [a, b]) await requireInstance(caller, id, pool());
  const [stepsA, stepsB] = await Promise.all([a, b].map((id) => loadSteps(pool(), caller.projectId, id)));
  const comparison = compare({ id: a, steps: stepsA ?? [] }, { id: b, steps: stepsB ?? [] });
  const { steps: _, ...result } = comparison;
  const session = { kind: "compare", instanceId: a, otherId: b, reason: reason ?? null, result } as const;
  return { session_id: await storeSession(pool(), caller, session), comparison };
}
