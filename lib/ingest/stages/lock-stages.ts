import { auditAs } from "@/lib/auth/audit";
import type { Db } from "@/lib/db/pool";
import { DEFAULT_DYNAMIC } from "@/lib/workflows/definition";
import { definitionOf, type LoadedWorkflow } from "@/lib/workflows/loaded";
import { OUR_ID, WORKFLOW_ID } from "@/lib/workflows/schema";
import { insertWorkflow } from "@/lib/workflows/store/insert";
import { findRepeats, type LockedWorkflows, lockWorkflows, type Wanted, workflowKey } from "@/lib/workflows/store/rows";
import { guessProject, type Holder, holdersOf } from "./holders";
import type { StageSignal } from "./stage-signal";

/** All that is needed to take the signals of a batch, locked. `repeats`: paths reached before, as `instance path`. */
export type LockedStages = LockedWorkflows & { holders: Map<string, Holder>; repeats: Set<string> };

type ProjectOf = (key: string) => string | undefined;

/** Whether the signal may end an instance, so that the next one is for an older one. */
const mayEnd = ({ kind, report }: StageSignal): boolean => kind === "static" || report.isFinal || report.isFailure;

/** Counts one more signal for its workflow. */
function note(wanted: Wanted, signal: StageSignal): void {
  const { kind, report } = signal;
  if (report.instanceId !== null) wanted.named.push(report.instanceId);
  if (mayEnd(signal)) wanted.open += 1;
  if (kind === "static" && report.path === "1") wanted.lackingFirst += 1;
}

/** The workflows that signals name, each with how many of its instances they may be for. */
function wantedBy(signals: StageSignal[], projectOf: ProjectOf): Wanted[] {
  const wanted = new Map<string, Wanted>();
  for (const signal of signals) {
    const projectId = projectOf(signal.key);
    if (projectId === undefined) continue;
    const name = workflowKey(projectId, signal.workflowId);
    const one = wanted.get(name) ?? { projectId, id: signal.workflowId, open: 1, lackingFirst: 0, named: [] };
    note(one, signal);
    wanted.set(name, one);
  }
  return [...wanted.values()];
}

/** A dynamic workflow is made by the signal that begins its first instance, unless only we could have given it its id. */
function isToBeMade({ kind, workflowId, report }: StageSignal, holder: Holder | undefined): holder is Holder {
  const isAllowed = holder?.mayPing === true && report.instanceId === null;
  return isAllowed && kind === "dynamic" && report.isStart && WORKFLOW_ID.test(workflowId) && !OUR_ID.test(workflowId);
}

/** Makes the dynamic workflows that signals begin and that do not exist: exactly one, however many ask at once. */
async function provision(
  tx: Db,
  signals: StageSignal[],
  { holders, workflows }: Pick<LockedStages, "holders" | "workflows">,
): Promise<boolean> {
  const missing = new Map<string, { holder: Holder; id: string }>();
  for (const signal of signals) {
    const holder = holders.get(signal.key);
    if (!isToBeMade(signal, holder)) continue;
    const name = workflowKey(holder.projectId, signal.workflowId);
    if (!workflows.has(name)) missing.set(name, { holder, id: signal.workflowId });
  }
  // Sorted, so that two batches cannot wait for each other.
  for (const [, { holder, id }] of [...missing].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const { projectId, actor } = holder;
    const isMade = await insertWorkflow(tx, {
      projectId,
      id,
      name: id,
      definition: DEFAULT_DYNAMIC,
      allChannels: true,
    });
    if (isMade) await auditAs(tx, actor, { action: "workflow.create", subjectId: id, projectId });
  }
  return missing.size > 0;
}

const asksForRepeats = (workflow: LoadedWorkflow, version: number): boolean =>
  workflow.kind === "dynamic" && definitionOf(workflow, version).mode === "strict";

/** Which paths came before, where it matters: in strict mode, and of signals that are too many. */
async function repeatsOf(
  tx: Db,
  signals: StageSignal[],
  { holders, workflows }: Pick<LockedStages, "holders" | "workflows">,
) {
  const asked = signals.flatMap(({ key, workflowId, report }) => {
    const holder = holders.get(key);
    const workflow = holder && workflows.get(workflowKey(holder.projectId, workflowId));
    if (workflow?.kind !== "dynamic") return [];
    return workflow.instances
      .filter((one) => one.status === "running" && (report.isThinned || asksForRepeats(workflow, one.version)))
      .map(({ id }) => ({ projectId: workflow.projectId, instanceId: id, path: report.path }));
  });
  return findRepeats(tx, asked);
}

/** Finds who sent the signals of a batch, and locks the workflows they are for, making those that they begin. */
export async function lockStages(tx: Db, signals: StageSignal[]): Promise<LockedStages> {
  const keys = signals.map(({ key }) => key);
  // All or none: locks of two flights are not in order, so that is left to the rare case of a wrong guess.
  const isGuessed = keys.every((key) => guessProject(key) !== undefined);
  const guess: ProjectOf = isGuessed ? guessProject : () => undefined;
  // What is guessed is locked in the flight that asks who holds the keys.
  const guessed = wantedBy(signals, guess);
  const [holders, early] = await Promise.all([holdersOf(tx, keys), lockWorkflows(tx, guessed)]);
  const isRight = isGuessed && keys.every((key) => holders.get(key)?.projectId === guess(key));
  const wanted = isRight ? guessed : wantedBy(signals, (key) => holders.get(key)?.projectId);
  const found = isRight ? early : await lockWorkflows(tx, wanted);
  const isMade = await provision(tx, signals, { holders, workflows: found.workflows });
  const locked = isMade ? await lockWorkflows(tx, wanted) : found;
  const repeats = await repeatsOf(tx, signals, { holders, workflows: locked.workflows });
  return { ...locked, holders, repeats };
}
