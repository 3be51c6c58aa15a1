import { type Locked, lockChecks } from "@/lib/checks/store/rows";
import type { Db } from "@/lib/db/pool";
import { guess, remember } from "./guesses";
import { resolve } from "./resolve";
import type { Resolved } from "./resolved";
import type { Signal } from "./signal";

/** Where each signal leads, and the checks they lead to, locked in id order. */
export async function lockTargets(tx: Db, signals: Signal[]): Promise<{ resolved: Resolved[]; locked: Locked }> {
  const guessed = guessAll(signals);
  // The guesses are locked in the flight that asks where the signals lead, which spares a round trip when they are right.
  const [resolved, early] = await Promise.all([resolve(tx, signals), lockChecks(tx, [...guessed])]);
  const others = new Set<string>();
  for (const [index, where] of resolved.entries()) {
    if (!("checkId" in where)) continue;
    if (!guessed.has(where.checkId)) others.add(where.checkId);
    const target = signals[index]?.target;
    if (target !== undefined) remember(target, where.checkId);
  }
  if (others.size === 0) return { resolved, locked: early };
  const late = await lockChecks(tx, [...others]);
  const checks = new Map([...early.checks, ...late.checks]);
  return { resolved, locked: { checks, now: Math.max(early.now, late.now) } };
}

/** All or none: locks of two flights are not in id order, so that is left to the rare case of a wrong guess. */
function guessAll(signals: Signal[]): Set<string> {
  const guessed = new Set<string>();
  for (const { target } of signals) {
    const checkId = guess(target);
    if (checkId === undefined) return new Set();
    guessed.add(checkId);
  }
  return guessed;
}
