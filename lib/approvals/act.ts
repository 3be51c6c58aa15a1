import { AppError, type ErrorCode, invalid, notFound } from "@/lib/core/errors";
import { createBatcher } from "@/lib/db/batcher";
import type { Db } from "@/lib/db/pool";
import { transaction } from "@/lib/db/transaction";
import { markSeen } from "@/lib/sweeper/blackout";
import type { LockedWorkflows } from "@/lib/workflows/store/rows";
import { carryOut, lockLimits } from "./limit-outcome";
import { toApproval } from "./present";
import type { Approval } from "./schema";
import { type ApprovalEvent, type Decided, type Step, transition } from "./state";
import { type ApprovalRowStored, lockApprovals, type Place, stateOf } from "./store/rows";
import { type Actor, type Changes, type Ending, endedRow, noChanges, SWEEPER, saveChanges } from "./store/save";

/** Something that somebody does with an approval. */
export type Doing = { place: Place; event: ApprovalEvent; by: Actor; notes: string | null };

/** An approval may be large, and so are the alerts of all that are decided together. */
export const MAX_TOGETHER = 50;

type RefusalCode = Extract<Step, { is: "refused" }>["code"];

const SENTENCES: Record<RefusalCode, string> = {
  own_request: "Who asked for a high-risk approval cannot decide it.",
  not_an_approver: "This approval names who may decide it.",
  already_voted: "You have voted on this already.",
  already_decided: "This was decided already.",
  not_approved: "This is not approved.",
  already_claimed: "This approval was used already.",
  digest_mismatch: "What is to be done is not what was approved.",
  digest_required: "action_digest: is required",
};

function refusalOf(code: RefusalCode, approval: Approval): AppError {
  if (code === "digest_required") return invalid("action_digest", "is required");
  return new AppError(code satisfies ErrorCode, SENTENCES[code], { members: { approval } });
}

const KINDS = { approved: "decided", denied: "decided", cancelled: "cancelled" } as const;

/** Notes what decides an approval, and gives its row as it is then. Time decides in nobody's name. */
function end(row: ApprovalRowStored, decided: Decided, { doing, changes }: { doing: Doing; changes: Changes }) {
  const isByTime = decided.by === "timeout";
  const ending: Ending = isByTime
    ? { row, decided, by: SWEEPER, notes: null }
    : { row, decided, by: doing.by, notes: doing.notes };
  changes.endings.push(ending);
  const kind = isByTime ? "expired" : KINDS[decided.status];
  const details = { status: decided.status, ...(ending.notes !== null && { notes: ending.notes }) };
  changes.events.push({ ...doing.place, kind, at: decided.at, by: ending.by, details });
  return endedRow(ending);
}

/** Notes a vote or a use that was taken, and gives the row as it is then. */
function apply(row: ApprovalRowStored, { place, event, by, notes }: Doing, changes: Changes): ApprovalRowStored {
  const at = row.now.getTime();
  if (event.is === "vote") {
    const { decision } = event;
    changes.votes.push({ ...place, by, decision, notes, at });
    const details = { decision, ...(notes !== null && { notes }) };
    // One voice that is enough is told of as the decision.
    if (row.need > 1) changes.events.push({ ...place, kind: "voted", at, by, details });
    const vote = { voter: by.actor, name: by.name, decision, notes, at: row.now.toISOString() };
    return { ...row, votes: [...row.votes, vote] };
  }
  if (event.is !== "claim") return row;
  changes.claims.push({ ...place, by, at });
  changes.events.push({
    ...place,
    kind: "claimed",
    at,
    by,
    details: event.digest === null ? {} : { digest: event.digest },
  });
  return { ...row, claimed_at: row.now };
}

/** Runs one event through the machine. Gives the row as it is then, and what who did it is told. */
function take(
  row: ApprovalRowStored,
  doing: Doing,
  changes: Changes,
): { row: ApprovalRowStored; told: Approval | AppError } {
  const step = transition(stateOf(row), doing.event, row.now.getTime());
  const { decided } = step;
  // Time has decided before whatever comes after it.
  const begun = decided?.by === "timeout" ? end(row, decided, { doing, changes }) : row;
  const applied = step.is === "taken" ? apply(begun, doing, changes) : begun;
  const after = decided === null || decided.by === "timeout" ? applied : end(applied, decided, { doing, changes });
  return { row: after, told: step.is === "taken" ? toApproval(after) : refusalOf(step.code, toApproval(after)) };
}

type Locked = {
  rows: ApprovalRowStored[];
  /** With the instances that wait for approvals about limits; null when they are left to whoever has locked them. */
  limits: LockedWorkflows | null;
};

/** Does these things in order with approvals that are locked in the transaction, and stores what came of them. */
export async function doLocked(tx: Db, { rows, limits }: Locked, doings: Doing[]): Promise<(Approval | AppError)[]> {
  const changes = noChanges();
  const known = new Map(rows.map((row) => [row.id, row]));
  const told = doings.map((doing) => {
    const row = known.get(doing.place.id);
    if (row === undefined || row.project_id !== doing.place.projectId) return notFound("approval");
    const taken = take(row, doing, changes);
    known.set(row.id, taken.row);
    return taken.told;
  });
  await saveChanges(tx, changes);
  if (limits !== null) await carryOut(tx, changes.endings, limits);
  return told;
}

export const isOverdue = ({ status, expires_at, now }: ApprovalRowStored): boolean =>
  status === "pending" && expires_at <= now;

/** Null, with nothing done, where time would decide and it is not known yet whether we were away. */
function attempt(doings: Doing[], isSure: boolean): Promise<(Approval | AppError)[] | null> {
  return transaction(async (tx) => {
    const ids = doings.map(({ place }) => place.id);
    const limits = await lockLimits(tx, ids);
    const rows = await lockApprovals(tx, ids);
    return isSure || !rows.some(isOverdue) ? doLocked(tx, { rows, limits }, doings) : null;
  });
}

/** Does these things in one transaction, where it is known that we were not away. */
export async function doSurely(doings: Doing[]): Promise<(Approval | AppError)[]> {
  return (await attempt(doings, true)) ?? [];
}

/** Does these things in one transaction. Our own outage is found before time is let decide because of it. */
export async function doTogether(doings: Doing[]): Promise<(Approval | AppError)[]> {
  const told = await attempt(doings, false);
  if (told !== null) return told;
  await markSeen("ingest");
  return doSurely(doings);
}

/** What is done at the same time shares a transaction; a thousand decisions would wait for a connection each. */
const submit = createBatcher<Doing, Approval | AppError>({
  commit: doTogether,
  keyOf: ({ place }) => place.id,
  maxBatch: MAX_TOGETHER,
  shareAbove: 25,
  maxInFlight: 3,
  maxWaiting: 20_000,
});

/**
 * Does something with an approval, after time has decided what it would have. Gives the approval as it is then. Throws
 * `not_found`, and what the machine refuses with, with the approval as it is.
 */
export async function act(doing: Doing): Promise<Approval> {
  const told = await submit(doing);
  if (told instanceof AppError) throw told;
  return told;
}
