import { type Caller, requireScope } from "@/lib/auth/caller";
import { type Db, pool } from "@/lib/db/pool";
import { requireInstance } from "@/lib/workflows/read/own";
import { compare, type Step } from "./compare";
import type { CompareInstances, Comparison } from "./schema";
import { storeSession } from "./sessions";

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
  const session = {
    kind: "compare",
    workflowId: null,
    instanceId: a,
    otherId: b,
    reason: reason ?? null,
    inputs: {},
    result,
  } as const;
  const { id } = await storeSession(pool(), caller, session);
  return { session_id: id, comparison };
}
