import { raise } from "@/lib/costs/breaker-state";
import type { Db } from "@/lib/db/pool";
import { refusalsOver } from "@/lib/workflows/alert";
import { definitionOf, type LoadedInstance } from "@/lib/workflows/loaded";
import { transition } from "@/lib/workflows/state";
import { type LockedWorkflows, lockWorkflows, type Wanted, workflowKey } from "@/lib/workflows/store/rows";
import { saveWork } from "@/lib/workflows/store/save";
import { replace, startWork, type Work } from "@/lib/workflows/work";
import type { Ending } from "./store/save";

type Row = { project_id: string; workflow_id: string; instance_ids: string[] };

/** The workflows of instances whose limits these approvals are about. Neither ever changes, so nothing is locked for it. */
async function wantedFor(tx: Db, ids: string[]): Promise<Wanted[]> {
  const { rows } = await tx.query<Row>({
    name: "workflows-of-limits",
    text: `SELECT i.project_id, i.workflow_id, array_agg(DISTINCT i.id) AS instance_ids
             FROM approvals a JOIN instances i ON i.project_id = a.project_id AND i.id = a.instance_id
            WHERE a.id = ANY ($1) AND a.limit_type IS NOT NULL
            GROUP BY 1, 2`,
    values: [ids],
  });
  return rows.map((row) => {
    const { project_id: projectId, workflow_id: id, instance_ids: named } = row;
    return { projectId, id, open: 0, lackingFirst: 0, named };
  });
}

/**
 * Locks the workflows of the instances that wait for one of these approvals. To be called before those are locked: a step
 * that asks holds its workflow when it stores what it asks.
 */
export async function lockLimits(tx: Db, ids: string[]): Promise<LockedWorkflows> {
  return lockWorkflows(tx, await wantedFor(tx, ids));
}

/** What becomes of an instance that waits for this very approval; null when it does not any more. */
function answered(work: Work, { row, decided }: Ending, now: number): LoadedInstance | null {
  const { workflow } = work;
  const before = workflow.instances.find(({ id }) => id === row.instance_id);
  if (before === undefined || row.limit_type === null || decided.status === "cancelled") return null;
  if (before.status !== "paused" || before.breakers?.pausedBy.includes(row.limit_type) !== true) return null;
  const definition = definitionOf(workflow, before.version);
  if (decided.status === "approved") {
    const { next } = transition(before, { type: "resume" }, { definition, now });
    return { ...before, ...next, breakers: raise(before.breakers) };
  }
  const why = decided.by === "timeout" ? ": nobody answered in time" : "";
  const event = { type: "terminate", reason: `Raising its limit was denied${why}` } as const;
  work.settled.push(...refusalsOver(workflow, { id: before.id, at: now }));
  return { ...before, ...transition(before, event, { definition, now }).next };
}

/**
 * Lets instances go on whose higher limits were approved, and ends those for which that was denied. One that does not wait
 * for it any more is left as it is. Their workflows must be locked, by `lockLimits`.
 */
export async function carryOut(tx: Db, endings: Ending[], { workflows, now }: LockedWorkflows): Promise<void> {
  const works = new Map<string, Work>();
  for (const ending of endings) {
    const { project_id: projectId, workflow_id: id } = ending.row;
    const key = workflowKey(projectId, id ?? "");
    const workflow = workflows.get(key);
    if (workflow === undefined) continue;
    const work = works.get(key) ?? startWork(workflow);
    const after = answered(work, ending, now);
    const before = workflow.instances.find((one) => one.id === after?.id);
    if (after === null || before === undefined) continue;
    replace(work, before, after);
    works.set(key, work);
  }
  if (works.size > 0) await saveWork(tx, [...works.values()]);
}
