import { type Caller, holderOf, requireOwn, requireScope } from "@/lib/auth/caller";
import { decodeCursor, type Page, toPage } from "@/lib/core/cursor";
import { invalid, notFound } from "@/lib/core/errors";
import { type Db, pool } from "@/lib/db/pool";
import { type ListedRow, toApproval, toApprovalRow } from "./present";
import {
  type Approval,
  ApprovalId,
  type ApprovalPage,
  type ApprovalRow,
  type ListApprovals,
  type Refusal,
  type TrailEntry,
} from "./schema";
import { refusalOfVote } from "./state";
import { type ApprovalRowStored, findApproval, stateOf } from "./store/rows";
import { loadTrail } from "./trail";

async function requireRow(caller: Caller, id: string, db: Db): Promise<ApprovalRowStored> {
  requireScope(caller, "read");
  const row = await findApproval(db, id);
  requireOwn(caller, row?.project_id, "approval");
  if (row === null) throw notFound("approval");
  return row;
}

/** One approval of the caller's project. Throws `not_found` and `forbidden`. */
export async function getApproval(caller: Caller, id: string): Promise<Approval> {
  return toApproval(await requireRow(caller, id, pool()));
}

/** Why the caller may not decide it now; null when they may. */
function refusalFor(caller: Caller, row: ApprovalRowStored): Refusal | null {
  if (!caller.scopes.has("approve")) return "forbidden";
  return refusalOfVote(stateOf(row), holderOf(caller));
}

const WHEREABOUTS = ["address", "user_agent"];

/** The audit trail, but from where people answered only for those who run the project: not for the agent that asked. */
async function trailFor(caller: Caller, row: ApprovalRowStored): Promise<TrailEntry[]> {
  const trail = await loadTrail(pool(), row);
  if (caller.scopes.has("admin")) return trail;
  return trail.map(({ details, ...entry }) => ({
    ...entry,
    details: Object.fromEntries(Object.entries(details).filter(([name]) => !WHEREABOUTS.includes(name))),
  }));
}

/** An approval with its audit trail, and whether the caller may decide it. Throws `not_found` and `forbidden`. */
export async function getApprovalPage(caller: Caller, id: string): Promise<ApprovalPage> {
  const row = await requireRow(caller, id, pool());
  return { approval: toApproval(row), trail: await trailFor(caller, row), refusal: refusalFor(caller, row) };
}

/** The audit trail of an approval, oldest first. Throws `not_found` and `forbidden`. */
export async function listTrail(caller: Caller, id: string): Promise<ApprovalPage["trail"]> {
  return trailFor(caller, await requireRow(caller, id, pool()));
}

/** As much of a context as can hold its first line as it is shown. */
const HEAD_LENGTH = 2000;

const LISTED = `
  a.id, a.status, a.expires_at, a.notes, a.decider_name, a.decided_at, now() AS now, a.risk, a.action, a.need, a.timeout_action,
  a.created_at, a.requester_name, a.instance_id, a.stage_path, left(ltrim(a.context, E' \\t\\r\\n'), ${HEAD_LENGTH}) AS head,
  (SELECT count(*)::int FROM approval_votes v
    WHERE v.project_id = a.project_id AND v.approval_id = a.id AND v.decision = 'approve') AS approved,
  (extract(epoch FROM a.created_at) * 1000)::float8 AS made, (extract(epoch FROM a.expires_at) * 1000)::float8 AS ends`;

type Row = ListedRow & { made: number; ends: number };

/** What waits is listed by its deadline, everything else by when it was asked. */
const isByDeadline = ({ status }: ListApprovals): boolean => status === "pending";

/** The year 5138, in epoch milliseconds. */
const MAX_MOMENT = 1e14;

function positionOf(cursor: string | undefined): [number, string] | null {
  const [at, id] = decodeCursor(cursor, 2) ?? [];
  if (at === undefined) return null;
  const isMoment = typeof at === "number" && at >= 0 && at < MAX_MOMENT;
  if (isMoment && typeof id === "string" && ApprovalId.safeParse({ id }).success) return [at, id];
  throw invalid("cursor", "is not a cursor of this list");
}

// In words and not as a parameter, because a parameter would hide from the planner which partial index serves the list.
const OF_STATUS = {
  pending: "a.status = 'pending' AND a.due_at IS NOT NULL",
  approved: "a.status = 'approved'",
  denied: "a.status = 'denied'",
  cancelled: "a.status = 'cancelled'",
};

/** The statement of a page of approvals. */
export function approvalsStatement(projectId: string, query: ListApprovals) {
  const { status, decided, risk, instance_id, q, limit, cursor } = query;
  const values: unknown[] = [projectId];
  const conditions = ["a.project_id = $1"];
  const value = (given: unknown): string => `$${values.push(given)}`;
  if (status !== undefined) conditions.push(OF_STATUS[status]);
  else if (decided !== undefined) conditions.push("a.status <> 'pending'");
  if (risk !== undefined) conditions.push(`a.risk = ${value(risk)}::risk`);
  if (instance_id !== undefined) conditions.push(`a.instance_id = ${value(instance_id)}`);
  const wanted = q?.replaceAll("\0", "").trim();
  if (wanted) {
    const text = `lower(${value(wanted)})`;
    const found = ["a.id", "a.context", "a.requester_name", "a.decider_name"];
    conditions.push(`(${found.map((column) => `strpos(lower(${column}), ${text}) > 0`).join(" OR ")})`);
  }
  const [by, beyond, order] = isByDeadline(query) ? ["a.due_at", ">", "ASC"] : ["a.created_at", "<", "DESC"];
  const after = positionOf(cursor);
  if (after !== null) {
    conditions.push(`(${by}, a.id) ${beyond} (to_timestamp(${value(after[0])}::float8 / 1000), ${value(after[1])})`);
  }
  const text = `SELECT ${LISTED} FROM approvals a WHERE ${conditions.join(" AND ")} ORDER BY ${by} ${order}, a.id ${order} LIMIT ${limit + 1}`;
  return { text, values };
}

/** Approvals of the caller's project: those that wait by their deadline, the soonest first, others newest first. */
export async function listApprovals(caller: Caller, query: ListApprovals): Promise<Page<ApprovalRow>> {
  requireScope(caller, "read");
  const { rows } = await pool().query<Row>(approvalsStatement(caller.projectId, query));
  const page = toPage(rows, query.limit, ({ made, ends, id }) => [isByDeadline(query) ? ends : made, id]);
  return { items: page.items.map(toApprovalRow), nextCursor: page.nextCursor };
}

const OF_INSTANCE = 20;

/** The newest 20 approvals of an instance of the caller's project. */
export async function listInstanceApprovals(caller: Caller, instanceId: string): Promise<ApprovalRow[]> {
  return (await listApprovals(caller, { instance_id: instanceId, limit: OF_INSTANCE })).items;
}
