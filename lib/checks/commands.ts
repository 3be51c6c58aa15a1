import { requireMuteTime } from "@/lib/alerts/mute";
import { settleAlerts } from "@/lib/alerts/settle";
import { audit } from "@/lib/auth/audit";
import { type Caller, requireOwn, requireScope } from "@/lib/auth/caller";
import { assignChannels, resolveChannels } from "@/lib/checks/store/assign-channels";
import { type CheckFields, DEFAULT_CHECK, scheduleOf } from "@/lib/checks/store/fields";
import { insertCheck } from "@/lib/checks/store/insert";
import { type Locked, type LockedCheck, lockChecks } from "@/lib/checks/store/rows";
import { saveChanges } from "@/lib/checks/store/save";
import { findTwin } from "@/lib/checks/store/twin";
import { updateFields } from "@/lib/checks/store/update-fields";
import { type CheckView, loadViews } from "@/lib/checks/store/view";
import { AppError, notFound } from "@/lib/core/errors";
import { isUuid } from "@/lib/core/ids";
import { iso } from "@/lib/core/time";
import type { Db } from "@/lib/db/pool";
import { transaction } from "@/lib/db/transaction";
import { applyInput } from "./input";
import { SETTLED_TYPES } from "./notice-alert";
import { rulesOf } from "./rules";
import type { ApiVersion, CheckInput } from "./schema";
import { type CheckEvent, transition } from "./state";

/** What to write, in the version of the API that was called. */
export type Written = { input: CheckInput; version: ApiVersion };
export type Created = { check: CheckView; created: boolean };

type Change = { tx: Db; caller: Caller; check: LockedCheck; now: number };

async function view(tx: Db, id: string): Promise<CheckView> {
  const [found] = await loadViews(tx, { where: "id = $1", values: [id] });
  if (found === undefined) throw notFound("check");
  return found;
}

/** Moves the check through its machine and stores what comes of it. */
async function apply({ tx, check, now }: Change, event: CheckEvent): Promise<void> {
  await saveChanges(tx, [{ before: check, steps: [{ transition: transition(check, event, now), ping: null }] }]);
}

function own(caller: Caller, id: string, { checks }: Locked): LockedCheck {
  const check = checks.get(id);
  requireOwn(caller, check?.projectId, "check");
  if (check === undefined) throw notFound("check");
  return check;
}

/** Locks a check of the caller's project, works on it, and notes who did so; all in one transaction. */
async function change<T>(
  caller: Caller,
  asked: { id: string; action: string },
  work: (change: Change) => Promise<T>,
): Promise<T> {
  requireScope(caller, "write");
  if (!isUuid(asked.id)) throw notFound("check");
  return transaction(async (tx) => {
    const locked = await lockChecks(tx, [asked.id]);
    const check = own(caller, asked.id, locked);
    await audit(tx, caller, { action: asked.action, subjectId: check.id });
    return work({ tx, caller, check, now: locked.now });
  });
}

/** The fields after a create or an update. Throws `invalid_input` when what the input names contradicts what is or stays set. */
function fieldsAfter(before: CheckFields, { input, version }: Written): CheckFields {
  const fields = applyInput(before, input, version);
  const { minRunSeconds: shortest, maxRunSeconds: longest } = fields;
  if (shortest === null || longest === null || shortest <= longest) return fields;
  if (input.min_run_seconds !== undefined) throw refused("min_run_seconds", "is larger than max_run_seconds");
  if (input.max_run_seconds !== undefined) throw refused("max_run_seconds", "is smaller than min_run_seconds");
  return fields;
}

/** In the words in which the management API refuses a field. */
function refused(name: string, reason: string): AppError {
  return new AppError("invalid_input", `json validation error: ${name} ${reason}`, {
    invalidParams: [{ name, reason }],
  });
}

async function write(changed: Change, { input, version }: Written): Promise<CheckView> {
  const { tx, check } = changed;
  const channels = input.channels === undefined ? null : await resolveChannels(tx, check.projectId, input.channels);
  const before = (await view(tx, check.id)).fields;
  const fields = fieldsAfter(before, { input, version });
  await updateFields(tx, check.id, fields);
  if (movesDeadline(before, fields)) {
    await apply(changed, {
      type: "edit",
      schedule: scheduleOf(fields),
      graceMs: fields.graceSeconds * 1000,
      rules: rulesOf(fields),
    });
  }
  if (channels !== null) await assignChannels(tx, check, channels);
  return view(tx, check.id);
}

/** Whether an edit touches when signals or runs are due; any other must leave a deadline alone that was moved on purpose. */
function movesDeadline(before: CheckFields, after: CheckFields): boolean {
  const timing = (fields: CheckFields) => JSON.stringify([scheduleOf(fields), fields.graceSeconds, rulesOf(fields)]);
  return timing(before) !== timing(after);
}

/**
 * Makes a check, or updates the oldest one that equals the input in every field of `unique`. Concurrent calls with the
 * same input make one check.
 */
export async function createCheck(caller: Caller, written: Written): Promise<Created> {
  requireScope(caller, "write");
  return transaction(async (tx) => {
    const twinId = await findTwin(tx, caller.projectId, written.input);
    const locked = await lockChecks(tx, twinId === null ? [] : [twinId]);
    const [check] = locked.checks.values();
    if (check === undefined) return { check: await insert(tx, caller, written), created: true };
    await audit(tx, caller, { action: "check.update", subjectId: check.id });
    return { check: await write({ tx, caller, check, now: locked.now }, written), created: false };
  });
}

async function insert(tx: Db, caller: Caller, { input, version }: Written): Promise<CheckView> {
  const channels = await resolveChannels(tx, caller.projectId, input.channels ?? "");
  const id = await insertCheck(tx, caller.projectId, fieldsAfter(DEFAULT_CHECK, { input, version }));
  await assignChannels(tx, { projectId: caller.projectId, id }, channels);
  await audit(tx, caller, { action: "check.create", subjectId: id });
  return view(tx, id);
}

/** Changes what the input names and leaves the rest. */
export function updateCheck(caller: Caller, id: string, written: Written): Promise<CheckView> {
  return change(caller, { id, action: "check.update" }, (changed) => write(changed, written));
}

/** Stops watching a check; its open runs are given up. Pausing a paused check changes nothing more. */
export function pauseCheck(caller: Caller, id: string): Promise<CheckView> {
  return change(caller, { id, action: "check.pause" }, async (changed) => {
    await apply(changed, { type: "pause" });
    return view(changed.tx, id);
  });
}

/** Starts watching a paused check anew: it is quiet until its first signal. Throws `check_not_paused`. */
export function resumeCheck(caller: Caller, id: string): Promise<CheckView> {
  return change(caller, { id, action: "check.resume" }, async (changed) => {
    if (changed.check.status !== "paused") throw new AppError("check_not_paused", "check is not paused");
    await apply(changed, { type: "resume" });
    return view(changed.tx, id);
  });
}

/** Sends its alerts to nobody until then (epoch milliseconds), or from now on again with null. */
export function muteCheck(caller: Caller, id: string, until: number | null): Promise<CheckView> {
  return change(caller, { id, action: until === null ? "check.unmute" : "check.mute" }, async ({ tx, now }) => {
    requireMuteTime(until, now);
    await tx.query("UPDATE checks SET muted_until = $2 WHERE id = $1", [id, iso(until)]);
    return view(tx, id);
  });
}

/** What may be open about a check that is no more. */
const OPEN_TYPES = ["check.down", ...SETTLED_TYPES];

/** Removes a check with its history and gives it as it last was. Alerts stay in the log; an open one is resolved. */
export function deleteCheck(caller: Caller, id: string): Promise<CheckView> {
  return change(caller, { id, action: "check.delete" }, async ({ tx, check, now }) => {
    const last = await view(tx, id);
    await settleAlerts(
      tx,
      OPEN_TYPES.map((type) => ({ projectId: check.projectId, type, subjectId: id, at: now })),
    );
    await tx.query("DELETE FROM checks WHERE id = $1", [id]);
    return last;
  });
}
