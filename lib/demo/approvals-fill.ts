import { actionDigest } from "@/lib/approvals/digest";
import { type ApprovalEvent, type ApprovalState, type Decided, transition } from "@/lib/approvals/state";
import { insertApprovals, type NewApproval } from "@/lib/approvals/store/insert";
import { type Actor, type Changes, type NewEvent, SWEEPER, saveChanges } from "@/lib/approvals/store/save";
import { randomLower } from "@/lib/core/ids";
import { iso, SECOND } from "@/lib/core/time";
import { type Db, pool } from "@/lib/db/pool";
import { transaction, transactionTime } from "@/lib/db/transaction";
import { ANSWERED, PENDING, type Request } from "./approvals-cast";
import { DEMO_ACTOR } from "./workflows-fill";

const ID_LENGTH = 16;

/** A person of the demonstration, who is nobody of the project. */
const person = (name: string, via: Actor["via"]): Actor => ({ actor: `demo:${name}`, name, via, mark: {} });

function newApproval(projectId: string, { input, asker }: Request, now: number): NewApproval {
  const { context, risk, action, args, need = 1, timeout_seconds: timeoutSeconds, timeout_action } = input;
  return {
    projectId,
    id: `apr_${randomLower(ID_LENGTH)}`,
    context,
    risk,
    action: action ?? null,
    args: args === undefined ? null : JSON.stringify(args),
    actionDigest: actionDigest(input),
    need,
    approvers: [],
    timeoutSeconds,
    timeoutAction: timeout_action,
    requestedBy: DEMO_ACTOR,
    requesterName: asker,
    callback: null,
    instanceId: null,
    stagePath: null,
    metadata: null,
    limitType: null,
    now,
  };
}

const begin = (row: NewApproval): ApprovalState => ({
  status: "pending",
  need: row.need,
  risk: row.risk,
  requestedBy: row.requestedBy,
  approvers: [],
  votes: [],
  expiresAt: row.now + row.timeoutSeconds * SECOND,
  timeoutAction: row.timeoutAction,
  claimedAt: null,
  actionDigest: row.actionDigest,
});

type Happening = { at: number; by: Actor; event: ApprovalEvent; notes: string | null };

/** What happened to a request after it was made, in order. */
function happenings(row: NewApproval, { votes, begun, asker }: Request): Happening[] {
  const said = votes.map(({ after, by, decision, notes = null }): Happening => {
    const voter = person(by, "page");
    return { at: row.now + after, by: voter, event: { is: "vote", voter: voter.actor, decision }, notes };
  });
  const claim = { is: "claim", digest: row.actionDigest } as const;
  const claimed =
    begun === undefined ? [] : [{ at: row.now + begun, by: person(asker, "api"), event: claim, notes: null }];
  const ends = { at: row.now + row.timeoutSeconds * SECOND, by: SWEEPER, event: { is: "tick" } as const, notes: null };
  return [...said, ...claimed, ends];
}

type Ending = { row: NewApproval; decided: Decided; by: Actor; notes: string | null };
type Past = Omit<Changes, "endings"> & { endings: Ending[] };

/** Adds what one happening of a request comes to, as the machine takes it. Gives how the request stands then. */
function tell(past: Past, row: NewApproval, { state, now }: { state: ApprovalState; now: Happening }): ApprovalState {
  const { at, by, event, notes } = now;
  const { next, decided } = transition(state, event, at);
  const place = { projectId: row.projectId, id: row.id };
  const note = (kind: NewEvent["kind"], details: object) =>
    past.events.push({ ...place, kind, at, by, details: { ...details, ...(notes !== null && { notes }) } });
  if (event.is === "vote") {
    past.votes.push({ ...place, by, decision: event.decision, notes, at });
    if (row.need > 1) note("voted", { decision: event.decision });
  }
  if (event.is === "claim") {
    past.claims.push({ ...place, by, at });
    note("claimed", event.digest === null ? {} : { digest: event.digest });
  }
  if (decided !== null) {
    past.endings.push({ row, decided, by, notes });
    note(decided.by === "timeout" ? "expired" : "decided", { status: decided.status });
  }
  return next;
}

/** How they ended, without the alerts that come of it elsewhere. */
async function saveEndings(tx: Db, endings: Ending[]): Promise<void> {
  await tx.query(
    `UPDATE approvals
        SET status = d.status::approval_status, decided_at = d.at, decided_by = d.actor, decider_name = d.name, notes = d.notes, due_at = NULL
       FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::text[], $5::text[], $6::text[]) AS d (id, status, at, actor, name, notes)
      WHERE approvals.id = d.id`,
    [
      endings.map(({ row }) => row.id),
      endings.map(({ decided }) => decided.status),
      endings.map(({ decided }) => iso(decided.at)),
      endings.map(({ decided }) => decided.by),
      endings.map(({ by }) => by.name),
      endings.map(({ notes }) => notes),
    ],
  );
}

/** Writes the requests of the past and the one that waits, as if they had been made all along; nobody is told of them. */
export function fillApprovals(projectId: string): Promise<void> {
  return transaction(async (tx) => {
    const now = await transactionTime(tx);
    const told = ANSWERED.map(([ago, request]) => ({ request, row: newApproval(projectId, request, now - ago) }));
    await insertApprovals(tx, [...told.map(({ row }) => row), newApproval(projectId, PENDING, now)]);
    const past: Past = { votes: [], claims: [], events: [], endings: [] };
    for (const { request, row } of told) {
      let state = begin(row);
      for (const happening of happenings(row, request)) state = tell(past, row, { state, now: happening });
    }
    await saveChanges(tx, { ...past, endings: [] });
    await saveEndings(tx, past.endings);
  });
}

/** Takes the approvals of the demonstration out, with their alerts. Returns how many that were. */
export async function removeApprovals(projectId: string): Promise<number> {
  const gone = await pool().query<{ id: string }>(
    "DELETE FROM approvals WHERE project_id = $1 AND requested_by = $2 RETURNING id",
    [projectId, DEMO_ACTOR],
  );
  const ids = gone.rows.map(({ id }) => id);
  await pool().query(
    "DELETE FROM alerts WHERE project_id = $1 AND subject_type = 'approval' AND subject_id = ANY ($2)",
    [projectId, ids],
  );
  return ids.length;
}

/**
 * Asks for the approval of the demonstration anew when it does not wait any more. Gives whether it did; it does not once the
 * demonstration was removed.
 */
export function renewApproval(projectId: string): Promise<boolean> {
  return transaction(async (tx) => {
    const found = await tx.query<{ all: number; waiting: number }>(
      `SELECT count(*)::int AS all, count(due_at)::int AS waiting FROM approvals WHERE project_id = $1 AND requested_by = $2`,
      [projectId, DEMO_ACTOR],
    );
    const { all = 0, waiting = 0 } = found.rows[0] ?? {};
    if (all === 0 || waiting > 0) return false;
    await insertApprovals(tx, [newApproval(projectId, PENDING, await transactionTime(tx))]);
    return true;
  });
}
