import { randomBytes } from "node:crypto";
import { type Direct, sendDirect } from "@/lib/alerts/direct";
import { raiseAlerts } from "@/lib/alerts/raise";
import { type Caller, callerName, holderOf, requireScope } from "@/lib/auth/caller";
import { AppError, invalid } from "@/lib/core/errors";
import { randomLower, sha256 } from "@/lib/core/ids";
import { SECOND } from "@/lib/core/time";
import { createBatcher } from "@/lib/db/batcher";
import { plainArray } from "@/lib/db/columns";
import type { Db } from "@/lib/db/pool";
import { transaction, transactionTime } from "@/lib/db/transaction";
import { requestedAlert, requestedKey } from "./alert";
import { sealCallback } from "./callback";
import { actionDigest } from "./digest";
import { toApproval } from "./present";
import type { Approval, CreateApproval, Decision } from "./schema";
import { insertApprovals, insertTokens, type NewApproval, type NewToken } from "./store/insert";
import { type Approver, approversOf } from "./store/people";

const ID_LENGTH = 16;
const TOKEN_BYTES = 32;
/** How many people are mailed at most; all who may approve can still decide. */
const MAX_MAILED = 50;

type Asked = { caller: Caller; input: CreateApproval; id: string; callback: Uint8Array | null };
type Made = { approval: Approval; row: NewApproval; mailed: Approver[] };

/** What may be known of instances that approvals name: whose they are, and of which workflow. */
type Instances = Map<string, { projectId: string; workflowId: string }>;

async function instancesOf(tx: Db, ids: string[]): Promise<Instances> {
  if (ids.length === 0) return new Map();
  const { rows } = await tx.query<{ id: string; project_id: string; workflow_id: string }>({
    name: "instances-of-approvals",
    text: "SELECT id, project_id, workflow_id FROM instances WHERE id = ANY ($1)",
    values: [plainArray(ids)],
  });
  return new Map(rows.map((row) => [row.id, { projectId: row.project_id, workflowId: row.workflow_id }]));
}

/** The workflow of the instance that is named, if any. Throws `invalid_input`, and `forbidden` for another project's. */
function workflowOf({ caller, input }: Asked, instances: Instances): string | null {
  if (input.instance_id === undefined) return null;
  const found = instances.get(input.instance_id);
  if (found?.projectId === caller.projectId) return found.workflowId;
  if (found !== undefined && caller.kind === "key")
    throw new AppError("forbidden", "This instance belongs to another project.");
  throw invalid("instance_id", "is no instance of this project");
}

/** The people who are named, or null when nobody is. Throws `invalid_input`. */
function namedOf({ approvers }: CreateApproval, people: Approver[]): Approver[] | null {
  if (approvers === undefined) return null;
  const byAddress = new Map(people.map((one) => [one.email.toLowerCase(), one]));
  const named = approvers.map((address, index) => {
    const one = byAddress.get(address.trim().toLowerCase());
    if (one === undefined) throw invalid(`approvers.${index}`, "is nobody who may approve in this project");
    return one;
  });
  return [...new Set(named)];
}

function makeOne(asked: Asked, known: { people: Approver[]; instances: Instances; now: number }): Made {
  const { caller, input, id, callback } = asked;
  const { people, instances, now } = known;
  const workflowId = workflowOf(asked, instances);
  const named = namedOf(input, people);
  const row: NewApproval = {
    projectId: caller.projectId,
    id,
    context: input.context,
    risk: input.risk,
    action: input.action ?? null,
    args: input.args === undefined ? null : JSON.stringify(input.args),
    actionDigest: actionDigest(input),
    need: input.need,
    approvers: named?.map(({ id: userId }) => userId) ?? [],
    timeoutSeconds: input.timeout_seconds,
    timeoutAction: input.timeout_action,
    requestedBy: holderOf(caller),
    requesterName: callerName(caller),
    callback,
    instanceId: input.instance_id ?? null,
    stagePath: input.stage_path ?? null,
    metadata: input.metadata === undefined ? null : JSON.stringify(input.metadata),
    now,
  };
  // Who asked for something of high risk cannot decide it.
  const mayDecide = (one: Approver): boolean => input.risk !== "high" || `user:${one.id}` !== caller.actor;
  const able = (named ?? people).filter(mayDecide);
  if (named !== null && input.need > able.length)
    throw invalid("need", "must be at most the number of approvers who may decide it");
  const mailed = able.slice(0, MAX_MAILED);
  return { row, approval: approvalOf(asked, row, { named, workflowId }), mailed };
}

function approvalOf(
  { input }: Asked,
  row: NewApproval,
  { named, workflowId }: { named: Approver[] | null; workflowId: string | null },
): Approval {
  const now = new Date(row.now);
  return toApproval({
    project_id: row.projectId,
    id: row.id,
    status: "pending",
    context: row.context,
    risk: row.risk,
    action: row.action,
    args: input.args ?? null,
    action_digest: row.actionDigest,
    need: row.need,
    approvers: row.approvers,
    approver_names: named?.map(({ email }) => email).toSorted() ?? [],
    timeout_seconds: row.timeoutSeconds,
    timeout_action: row.timeoutAction,
    created_at: now,
    expires_at: new Date(row.now + row.timeoutSeconds * SECOND),
    requested_by: row.requestedBy,
    requester_name: row.requesterName,
    decided_at: null,
    decider_name: null,
    notes: null,
    claimed_at: null,
    callback: null,
    instance_id: row.instanceId,
    workflow_id: workflowId,
    stage_path: row.stagePath,
    metadata: input.metadata ?? null,
    votes: [],
    now,
  });
}

/** The links of one mail: what is stored of them, and what the mail is made of. */
function linksFor({ row }: Made, { id: userId, email }: Approver): { tokens: NewToken[]; mail: Direct } {
  const secret = { approve: "", deny: "" } satisfies Record<Decision, string>;
  const tokens = (["approve", "deny"] as const).map((decision): NewToken => {
    secret[decision] = randomBytes(TOKEN_BYTES).toString("base64url");
    return { hash: sha256(secret[decision]), projectId: row.projectId, approvalId: row.id, userId, decision };
  });
  const mail: Direct = {
    dedupKey: requestedKey(row.id),
    projectId: row.projectId,
    kind: "approver",
    recipient: email,
    config: { to: email, ...secret },
  };
  return { tokens, mail };
}

async function save(tx: Db, made: Made[]): Promise<void> {
  if (made.length === 0) return;
  const links = made.flatMap((one) => one.mailed.map((person) => linksFor(one, person)));
  const tokens = links.flatMap((one) => one.tokens);
  const alerts = made.map(({ approval, row }) => requestedAlert(approval, row.projectId));
  const rows = made.map(({ row }) => row);
  const mails = links.map(({ mail }) => mail);
  await Promise.all([
    insertApprovals(tx, rows),
    insertTokens(tx, tokens),
    raiseAlerts(tx, alerts),
    sendDirect(tx, mails),
  ]);
}

function commit(asked: Asked[]): Promise<(Approval | AppError)[]> {
  return transaction(async (tx, atEnd) => {
    const projects = [...new Set(asked.map(({ caller }) => caller.projectId))];
    const named = asked.flatMap(({ input }) => input.instance_id ?? []);
    const [now, people, instances] = await Promise.all([
      transactionTime(tx),
      approversOf(tx, projects),
      instancesOf(tx, named),
    ]);
    const outcomes = asked.map((one): Made | AppError => {
      try {
        return makeOne(one, { people: people.get(one.caller.projectId) ?? [], instances, now });
      } catch (error) {
        if (error instanceof AppError) return error;
        throw error;
      }
    });
    const made = outcomes.flatMap((one) => (one instanceof AppError ? [] : [one]));
    atEnd(() => save(tx, made));
    return outcomes.map((one) => (one instanceof AppError ? one : one.approval));
  });
}

/** Requests that come together share a transaction. Nothing is locked, so each has a key of its own. */
const submit = createBatcher<Asked, Approval | AppError>({
  commit,
  keyOf: ({ id }) => id,
  weightOf: ({ input }) => input.context.length + JSON.stringify([input.args, input.metadata]).length,
  maxWeight: 8_000_000,
  maxBatch: 200,
  shareAbove: 64,
  maxInFlight: 3,
  maxWaiting: 20_000,
});

/**
 * Asks for an approval; it is stored with its alert, its deliveries and the links of its mails in one transaction. Throws
 * `invalid_input`, `forbidden` and `unavailable`.
 */
export async function requestApproval(caller: Caller, input: CreateApproval): Promise<Approval> {
  requireScope(caller, "write");
  const id = `apr_${randomLower(ID_LENGTH)}`;
  const outcome = await submit({ caller, input, id, callback: sealCallback(input.callback_url, id) });
  if (outcome instanceof AppError) throw outcome;
  return outcome;
}
