import { randomUUID } from "node:crypto";
import { classify, ignoredBecause } from "@/lib/checks/classify";
import { judge } from "@/lib/checks/metrics/judge";
import { type CheckState, transition } from "@/lib/checks/state";
import type { CheckChange, Step } from "@/lib/checks/store/change";
import { learnEndedNames, type NamedRun } from "@/lib/checks/store/ended-names";
import type { Locked, LockedCheck } from "@/lib/checks/store/rows";
import { saveChanges } from "@/lib/checks/store/save";
import { isPassing } from "@/lib/db/failure";
import { transaction } from "@/lib/db/transaction";
import { type Edit, editBy, saveEdits } from "./configure";
import { lockTargets } from "./lock-targets";
import type { Resolved } from "./resolved";
import type { Effect, Outcome, Signal } from "./signal";

const EMPTY = Buffer.alloc(0);
const NOT_FOUND: Outcome = { is: "not_found" };
const REFUSED: Outcome = { is: "refused" };
const NO_RUNNING_RUN: Outcome = { is: "no_running_run" };

type Sent = Parameters<typeof classify>[2];
type Applied = { step: Step; effect: Effect };

/** What the rules of a check look at. */
function sentBy(signal: Signal): Sent {
  return {
    kind: signal.kind,
    method: signal.method,
    body: signal.body ?? signal.text ?? EMPTY,
    exitStatus: signal.exitStatus,
    userAgent: signal.userAgent,
    isPrefetch: signal.isPrefetch,
  };
}

/** One signal applied to a check: the step to store, and what to tell of it. Plain objects made once: this runs for every signal. */
function applyOne(check: LockedCheck, state: CheckState, { signal, now }: { signal: Signal; now: number }): Applied {
  const sent = sentBy(signal);
  const classified = classify(check.filters, state.status, sent);
  const ignored = classified === "ign" ? ignoredBecause(check.filters, state.status, sent) : null;
  const { kind, details, metrics } = judge(classified, signal, check.metrics);
  const runId = kind === "start" ? randomUUID() : "";
  const rid = ridOf(signal, state, runId);
  const done = transition(state, { type: kind, rid, runId, progress: progressOf(signal) }, now);
  const effect = { checkId: check.id, hookId: check.hookId, rid, after: done.next, transition: done, now };
  // Whoever is told that it is down is told which number was to blame.
  const tells = details !== signal.details && done.flip !== null;
  if (signal.thinned && !tells) return { step: { transition: done, ping: null }, effect };
  const ping = {
    kind,
    source: signal.source,
    createdAt: now,
    scheme: signal.scheme,
    remoteAddr: signal.remoteAddr,
    method: signal.method,
    userAgent: signal.userAgent,
    rid,
    exitStatus: signal.exitStatus,
    durationMs: done.durationMs,
    details: ignored === null ? details : { ...details, ignored_because: ignored },
    body: signal.body,
    metrics,
  };
  return { step: { transition: done, ping }, effect };
}

const PROGRESS_LENGTH = 200;

/** How far the job says it has come. */
function progressOf({ progress, details }: Signal): string | null {
  const said = progress ?? details?.metadata?.["progress"] ?? null;
  if (said === null) return null;
  const text = typeof said === "string" ? said : JSON.stringify(said);
  // PostgreSQL cannot store NUL.
  return text.replaceAll("\0", "").slice(0, PROGRESS_LENGTH) || null;
}

/** The name of the run a signal is about. A start without a name of its own may be given one; an end may mean the newest. */
function ridOf({ rid, run }: Signal, { openRuns }: CheckState, runId: string): string | null {
  if (rid !== null || run === "named") return rid;
  if (run === "own") return runId === "" ? null : runId;
  const newest = openRuns.at(-1);
  if (newest !== undefined) return newest.rid;
  return run === "latest" ? randomUUID() : null;
}

/** Whether a signal ends a run that is not under way, in a dialect that counts this as a mistake. */
function endsNothing({ rid, run }: Signal, { openRuns }: CheckState): boolean {
  if (run !== "newest") return false;
  return rid === null ? openRuns.length === 0 : openRuns.every((open) => open.rid !== rid);
}

type Found = { check: LockedCheck; created: boolean; actor: string };

/** The check a signal is for, or its outcome when it changes nothing. */
function find(signal: Signal, where: Resolved | undefined, checks: Map<string, LockedCheck>): Found | Outcome {
  if (where === undefined) return NOT_FOUND;
  if (!("checkId" in where)) return where;
  const check = checks.get(where.checkId);
  if (check === undefined) return NOT_FOUND;
  return signal.refusal === null ? { check, created: where.created, actor: where.actor ?? "" } : REFUSED;
}

/** Only what the machine moves, because it copies its state at every step. */
function stateOf(check: LockedCheck): CheckState {
  return {
    status: check.status,
    schedule: check.schedule,
    graceMs: check.graceMs,
    rules: check.rules,
    lastPingAt: check.lastPingAt,
    lastDurationMs: check.lastDurationMs,
    dueAt: check.dueAt,
    lateAt: check.lateAt,
    progress: check.progress,
    openRuns: check.openRuns,
    endedNames: check.endedNames,
    missed: check.missed,
  };
}

const isLeftOut = ({ filters }: LockedCheck, { status }: CheckState, signal: Signal): boolean =>
  classify(filters, status, sentBy(signal)) === "ign";

/** Settings that come with a signal are a step of their own, before it. */
function note(edit: Edit | null, edits: Edit[], change: CheckChange): void {
  if (edit === null) return;
  edits.push(edit);
  change.steps.push({ transition: edit.transition, ping: null });
}

/** The outcome of each signal, and what is to be stored. */
function apply(signals: Signal[], resolved: Resolved[], { checks, now }: Locked) {
  const changes = new Map<string, CheckChange>();
  const edits: Edit[] = [];
  const outcomes = signals.map((signal, index): Outcome => {
    const found = find(signal, resolved[index], checks);
    if ("is" in found) return found;
    const change = changes.get(found.check.id) ?? { before: found.check, steps: [] };
    const state = change.steps.at(-1)?.transition.next ?? stateOf(found.check);
    if (endsNothing(signal, state)) return NO_RUNNING_RUN;
    const edit = editBy(signal, found, { state, now, isLeftOut: () => isLeftOut(found.check, state, signal) });
    const { step, effect } = applyOne(found.check, edit?.transition.next ?? state, { signal, now });
    note(edit, edits, change);
    change.steps.push(step);
    changes.set(found.check.id, change);
    return { is: found.created ? "created" : "recorded", effect };
  });
  return { outcomes, changes: [...changes.values()], edits };
}

/** The runs not under way that signals name as failed: it matters whether they have ended before. Nearly no signal does. */
function failedRuns(signals: Signal[], resolved: Resolved[], { checks }: Locked): NamedRun[] {
  return signals.flatMap(({ kind, rid, refusal }, index) => {
    const where = resolved[index];
    // What is refused may hold what PostgreSQL cannot even compare with.
    if (rid === null || refusal !== null || where === undefined || !("checkId" in where)) return [];
    const check = checks.get(where.checkId);
    if (check === undefined) return [];
    // Keywords and bounds of numbers may make a failure of what was sent as something else.
    const mayFail = kind === "fail" || check.filters.filterHttpBody || check.metrics !== null;
    return !mayFail || check.openRuns.some((run) => run.rid === rid) ? [] : [{ check, rid }];
  });
}

/** Stores signals as `commit` does, and once more when something got in the way that will be gone. */
export function commitSignals(signals: Signal[]): Promise<Outcome[]> {
  return commit(signals).catch((error: unknown) => {
    if (isPassing(error)) return commit(signals);
    throw error;
  });
}

/**
 * Stores signals in arrival order in one transaction: checks locked in id order, the machine run for each signal, all
 * rows written together. Resolves after the commit with the outcome of each signal.
 */
function commit(signals: Signal[]): Promise<Outcome[]> {
  return transaction(async (tx, atEnd) => {
    const { resolved, locked } = await lockTargets(tx, signals);
    await learnEndedNames(tx, failedRuns(signals, resolved, locked));
    const { outcomes, changes, edits } = apply(signals, resolved, locked);
    if (changes.length > 0) atEnd(() => Promise.all([saveEdits(tx, edits), saveChanges(tx, changes)]));
    return outcomes;
  });
}
