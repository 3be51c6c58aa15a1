import { randomUUID } from "node:crypto";
import { classify } from "@/lib/checks/classify";
import { type CheckState, transition } from "@/lib/checks/state";
import { type Locked, type LockedCheck, lockChecks } from "@/lib/checks/store/rows";
import { type CheckChange, type Step, saveChanges } from "@/lib/checks/store/save";
import { isPassing } from "@/lib/db/failure";
import { transaction } from "@/lib/db/transaction";
import { type Resolved, resolve } from "./resolve";
import type { Outcome, Signal } from "./signal";

const EMPTY = Buffer.alloc(0);

/** One signal applied to a check: the step to store. Plain objects made once: this runs for every signal. */
function step(check: LockedCheck, state: CheckState, { signal, now }: { signal: Signal; now: number }): Step {
  const kind = classify(check.filters, state.status, {
    kind: signal.kind,
    method: signal.method,
    body: signal.body ?? EMPTY,
  });
  const runId = kind === "start" ? randomUUID() : "";
  const done = transition(state, { type: kind, rid: signal.rid, runId }, now);
  if (signal.thinned) return { transition: done, ping: null };
  const ping = {
    kind,
    source: signal.source,
    createdAt: now,
    scheme: signal.scheme,
    remoteAddr: signal.remoteAddr,
    method: signal.method,
    userAgent: signal.userAgent,
    rid: signal.rid,
    exitStatus: signal.exitStatus,
    durationMs: done.durationMs,
    body: signal.body,
  };
  return { transition: done, ping };
}

type Found = { check: LockedCheck; created: boolean };

/** The check a signal is for, or its outcome when it changes nothing. */
function find(signal: Signal, where: Resolved | undefined, checks: Map<string, LockedCheck>): Found | Outcome {
  if (where === undefined || "outcome" in where) return where?.outcome ?? "not_found";
  const check = checks.get(where.checkId);
  if (check === undefined) return "not_found";
  return signal.refusal === null ? { check, created: where.created } : "refused";
}

/** Only what the machine moves, because it copies its state at every step. */
function stateOf(check: LockedCheck): CheckState {
  const { status, schedule, graceMs, lastPingAt, lastDurationMs, dueAt, openRuns } = check;
  return { status, schedule, graceMs, lastPingAt, lastDurationMs, dueAt, openRuns };
}

/** The outcome of each signal, and what is to be stored. */
function apply(signals: Signal[], resolved: Resolved[], { checks, now }: Locked) {
  const changes = new Map<string, CheckChange>();
  const outcomes = signals.map((signal, index): Outcome => {
    const found = find(signal, resolved[index], checks);
    if (typeof found === "string") return found;
    const change = changes.get(found.check.id) ?? { before: found.check, steps: [] };
    const state = change.steps.at(-1)?.transition.next ?? stateOf(found.check);
    change.steps.push(step(found.check, state, { signal, now }));
    changes.set(found.check.id, change);
    return found.created ? "created" : "recorded";
  });
  return { outcomes, changes: [...changes.values()] };
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
    const resolved = await resolve(tx, signals);
    const ids = new Set(resolved.flatMap((where) => ("checkId" in where ? [where.checkId] : [])));
    const locked = await lockChecks(tx, [...ids]);
    const { outcomes, changes } = apply(signals, resolved, locked);
    if (changes.length > 0) atEnd(() => saveChanges(tx, changes));
    return outcomes;
  });
}
