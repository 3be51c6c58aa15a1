import { auditAs } from "@/lib/auth/audit";
import type { Schedule } from "@/lib/checks/schedule/schedule";
import { type CheckState, type Transition, transition } from "@/lib/checks/state";
import type { LockedCheck } from "@/lib/checks/store/rows";
import type { Db } from "@/lib/db/pool";
import type { Settings, Signal } from "./signal";

/** A change of a check's settings that a signal asks for; `actor` is who holds its key. */
export type Edit = { check: LockedCheck; transition: Transition; timeZone: string | null; actor: string };

/** The check that a signal is for, and who holds its key. */
type Configured = { check: LockedCheck; actor: string };

type Timing = Pick<CheckState, "schedule" | "graceMs" | "rules">;

/** A zone that is not named stays; where there was no use for one, it is UTC. */
function scheduleAfter(schedule: Schedule, { timeoutSeconds, schedule: expression, timeZone }: Settings): Schedule {
  if (typeof timeoutSeconds === "number") return { kind: "period", timeoutSeconds };
  if (typeof expression !== "string") return schedule;
  return { kind: "calendar", expression, timeZone: timeZone ?? zoneOf(schedule) ?? "UTC" };
}

const zoneOf = (schedule: Schedule): string | null => (schedule.kind === "calendar" ? schedule.timeZone : null);

function timingAfter({ schedule, graceMs, rules }: Timing, given: Settings): Timing {
  const { graceSeconds, maxMisses = rules.maxMisses, maxRunSeconds } = given;
  const longest = maxRunSeconds === undefined || maxRunSeconds === null ? rules.maxRunMs : maxRunSeconds * 1000;
  // A longest run below the shortest could be kept by none.
  const isPossible = longest === null || rules.minRunMs === null || longest >= rules.minRunMs;
  return {
    schedule: scheduleAfter(schedule, given),
    graceMs: graceSeconds === undefined ? graceMs : graceSeconds * 1000,
    rules: { ...rules, maxMisses, maxRunMs: isPossible ? longest : rules.maxRunMs },
  };
}

const textOf = ({ schedule, graceMs, rules }: Timing): string => JSON.stringify([schedule, graceMs, rules]);

/** The step by which a check takes the settings that come with a signal; null when it has them, or leaves the signal out. Pure. */
export function editBy(
  { target, thinned }: Signal,
  { check, actor }: Configured,
  { state, now, isLeftOut }: { state: CheckState; now: number; isLeftOut: () => boolean },
): Edit | null {
  if (target.by !== "key" || target.config === undefined || "wrong" in target.config || thinned) return null;
  const after = timingAfter(state, target.config.given);
  if (textOf(after) === textOf(state) || isLeftOut()) return null;
  const timeZone = zoneOf(after.schedule);
  return { check, actor, transition: transition(state, { type: "edit", ...after }, now), timeZone };
}

/** Stores settings that came with signals and notes who sent them. The checks must be locked. */
export async function saveEdits(tx: Db, edits: Edit[]): Promise<void> {
  if (edits.length === 0) return;
  const last = [...new Map(edits.map((edit) => [edit.check.id, edit])).values()];
  const column = <T>(value: (state: CheckState) => T): T[] => last.map(({ transition: { next } }) => value(next));
  const saved = tx.query({
    name: "save-edits",
    text: `UPDATE checks SET timeout_seconds = e.timeout_seconds, schedule = e.schedule,
                  time_zone = coalesce(e.time_zone, checks.time_zone), grace_seconds = e.grace_seconds,
                  max_misses = e.max_misses, max_run_seconds = e.max_run_seconds, updated_at = now()
             FROM unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::int[], $6::smallint[], $7::int[])
                    AS e (id, timeout_seconds, schedule, time_zone, grace_seconds, max_misses, max_run_seconds)
            WHERE checks.id = e.id`,
    values: [
      last.map(({ check }) => check.id),
      column(({ schedule }) => (schedule.kind === "period" ? schedule.timeoutSeconds : null)),
      column(({ schedule }) => (schedule.kind === "calendar" ? schedule.expression : null)),
      last.map(({ timeZone }) => timeZone),
      column(({ graceMs }) => graceMs / 1000),
      column(({ rules }) => rules.maxMisses),
      column(({ rules }) => (rules.maxRunMs === null ? null : rules.maxRunMs / 1000)),
    ],
  });
  const noted = edits.map(({ check, actor }) =>
    auditAs(tx, actor, { action: "check.update", subjectId: check.id, projectId: check.projectId }),
  );
  await Promise.all([saved, ...noted]);
}
