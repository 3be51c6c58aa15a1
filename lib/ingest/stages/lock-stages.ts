import { auditAs } from "@/lib/auth/audit";
import type { Db } from "@/lib/db/pool";
import { DEFAULT_DYNAMIC } from "@/lib/workflows/definition";
import { definitionOf, type LoadedWorkflow } from "@/lib/workflows/loaded";
import { OUR_ID, WORKFLOW_ID } from "@/lib/workflows/schema";
import { insertWorkflow } from "@/lib/workflows/store/insert";
import { loadOverrides } from "@/lib/workflows/store/overrides";
import { findRepeats, type LockedWorkflows, lockWorkflows, type Wanted, workflowKey } from "@/lib/workflows/store/rows";
import { guessProject, type Holder, holdersOf } from "./holders";
import type { StageSignal } from "./stage-signal";

/** All that is needed to take the signals of a batch, locked. `repeats`: paths reached before, as `instance path`. */
export type LockedStages = LockedWorkflows & { holders: Map<string, Holder>; repeats: Set<string> };

type ProjectOf = (key: string) => string | undefined;

/** Whether the signal may end or stop an instance of any workflow, so that the next one is for an older one. */
const mayEnd = ({ kind, report: { isFinal, isFailure, detail } }: StageSignal): boolean =>
  kind === "static" || isFinal || isFailure || (detail?.costMicros ?? detail?.usage ?? null) !== null;

/** `costless`: signals so far that stop an instance only where a limit had been passed before. */
type Counting = { wanted: Wanted; costless: number };

/** Counts one more signal for its workflow. */
function note(counting: Counting, signal: StageSignal): void {
  const { wanted } = counting;
  const { kind, report } = signal;
  if (report.instanceId !== null) wanted.named.push(report.instanceId);
  // Only those before one that names no instance make another one necessary.
  else if (!report.isStart) wanted.openIfLimited = counting.costless;
  if (mayEnd(signal)) wanted.open += 1;
  else counting.costless += 1;
  if (kind === "static" && report.path === "1") wanted.lackingFirst += 1;
}

/** The workflows that signals name, each with how many of its instances they may be for. */
function wantedBy(signals: StageSignal[], projectOf: ProjectOf): Wanted[] {
  const counted = new Map<string, Counting>();
  for (const signal of signals) {
    const projectId = projectOf(signal.key);
    if (projectId === undefined) continue;
    const name = workflowKey(projectId, signal.workflowId);
    const none = { projectId, id: signal.workflowId, open: 1, lackingFirst: 0, named: [] };
    const one = counted.get(name) ?? { wanted: none, costless: 0 };
    note(one, signal);
    counted.set(name, one);
  }
  return [...counted.values()].map(({ wanted }) => wanted);
}

/** A dynamic workflow that a signal begins and that is not there, and who asks for it. */
export type Missing = { holder: Holder; id: string };

/** A dynamic workflow is made by the signal that begins its first instance, unless only we could have given it its id. */
function isToBeMade({ kind, workflowId, report }: StageSignal, holder: Holder | undefined): holder is Holder {
  const isAllowed = holder?.mayPing === true && report.instanceId === null;
  return isAllowed && kind === "dynamic" && report.isStart && WORKFLOW_ID.test(workflowId) && !OUR_ID.test(workflowId);
}

function missingOf(
  signals: StageSignal[],
  { holders, workflows }: Pick<LockedStages, "holders" | "workflows">,
): Missing[] {
  const missing = new Map<string, Missing>();
  for (const signal of signals) {
    const holder = holders.get(signal.key);
    if (!isToBeMade(signal, holder)) continue;
    const name = workflowKey(holder.projectId, signal.workflowId);
    if (!workflows.has(name)) missing.set(name, { holder, id: signal.workflowId });
  }
  // Sorted, so that two batches cannot wait for each other.
  return [...missing].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

/** Makes the dynamic workflows that signals begin: exactly one of a name, however many ask at once. */
export async function makeMissing(tx: Db, missing: Missing[]): Promise<void> {
  for (const { holder, id } of missing) {
    const { projectId, actor } = holder;
    const made = { projectId, id, name: id, definition: DEFAULT_DYNAMIC, allChannels: true };
    if (await insertWorkflow(tx, made))
      await auditAs(tx, actor, { action: "workflow.create", subjectId: id, projectId });
  }
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

/** Locks what the signals are for in the flight that asks who holds their keys; null when a key was guessed wrong. */
async function lockGuessed(tx: Db, signals: StageSignal[]): Promise<Omit<LockedStages, "repeats"> | null> {
  const keys = signals.map(({ key }) => key);
  const guessed = new Map(keys.map((key) => [key, guessProject(key)]));
  const wanted = wantedBy(signals, (key) => guessed.get(key));
  const [holders, locked] = await Promise.all([holdersOf(tx, keys), lockWorkflows(tx, wanted)]);
  const isRight = [...holders].every(([key, { projectId }]) => guessed.get(key) === projectId);
  return isRight ? { ...locked, holders } : null;
}

async function lockAsked(tx: Db, signals: StageSignal[]): Promise<Omit<LockedStages, "repeats">> {
  const holders = await holdersOf(
    tx,
    signals.map(({ key }) => key),
  );
  const locked = await lockWorkflows(
    tx,
    wantedBy(signals, (key) => holders.get(key)?.projectId),
  );
  return { ...locked, holders };
}

/**
 * Finds who sent the signals of a batch, and locks the workflows they are for, all in one order. Null when they have to be
 * locked without guesses; a list of those that are to be made first.
 */
export async function lockStages(
  tx: Db,
  signals: StageSignal[],
  guesses: boolean,
): Promise<LockedStages | Missing[] | null> {
  const locked = guesses ? await lockGuessed(tx, signals) : await lockAsked(tx, signals);
  if (locked === null) return null;
  const missing = missingOf(signals, locked);
  if (missing.length > 0) return missing;
  const paths = signals.map(({ report }) => report.path);
  const [repeats] = await Promise.all([
    repeatsOf(tx, signals, locked),
    loadOverrides(tx, locked.workflows.values(), paths),
  ]);
  return { ...locked, repeats };
}
