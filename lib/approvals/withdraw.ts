import type { Db } from "@/lib/db/pool";
import { type Doing, doLocked, doTogether, isOverdue } from "./act";
import { findOpenLimits, lockApprovals, type PausedInstance, type Place } from "./store/rows";
import { type Actor, SWEEPER } from "./store/save";

/** In whose name it is when an instance is over by itself. */
export const ITS_END: Actor = { actor: "ended", name: "the end of the instance", via: "sweeper", mark: {} };

/**
 * Takes back what was asked about limits of instances that wait for it no more, whose workflows are locked. Gives those
 * that time decides first, with which nothing was done.
 */
export async function withdrawLimits(tx: Db, paused: PausedInstance[], by: Actor): Promise<Place[]> {
  const open = await findOpenLimits(tx, paused);
  if (open.length === 0) return [];
  const locked = await lockApprovals(tx, open);
  const places = (overdue: boolean): Place[] =>
    locked.filter((row) => isOverdue(row) === overdue).map(({ project_id: projectId, id }) => ({ projectId, id }));
  const doings = places(false).map(
    (place): Doing => ({ place, event: { is: "cancel", by: by.actor }, by, notes: null }),
  );
  await doLocked(tx, { rows: locked, limits: null }, doings);
  return places(true);
}

/** Lets time decide these approvals, unless our own outage has given people longer. */
export async function letTimeDecide(places: Place[]): Promise<void> {
  await doTogether(places.map((place): Doing => ({ place, event: { is: "tick" }, by: SWEEPER, notes: null })));
}
