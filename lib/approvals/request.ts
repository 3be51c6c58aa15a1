import { type Caller, callerName, holderOf, requireScope } from "@/lib/auth/caller";
import { AppError, invalid } from "@/lib/core/errors";
import { createBatcher } from "@/lib/db/batcher";
import { plainArray } from "@/lib/db/columns";
import type { Db } from "@/lib/db/pool";
import { transaction, transactionTime } from "@/lib/db/transaction";
import { sealCallback } from "./callback";
import { actionDigest } from "./digest";
import type { Approval, CreateApproval } from "./schema";
import type { NewApproval } from "./store/insert";
import { type Approver, approversOf } from "./store/people";
import { MAX_MAILED, newId, pendingApproval, type Request, saveRequests } from "./store/requests";

type Asked = { caller: Caller; input: CreateApproval; id: string; callback: Uint8Array | null };

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

function makeOne(asked: Asked, known: { people: Approver[]; instances: Instances; now: number }): Request {
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
    limitType: null,
    now,
  };
  // Who asked for something of high risk cannot decide it.
  const mayDecide = (one: Approver): boolean => input.risk !== "high" || `user:${one.id}` !== caller.actor;
  const able = (named ?? people).filter(mayDecide);
  if (named !== null && input.need > able.length)
    throw invalid("need", "must be at most the number of approvers who may decide it");
  const mailed = able.slice(0, MAX_MAILED);
  const told = { args: input.args, metadata: input.metadata, approverNames: named?.map(({ email }) => email) ?? [] };
  return { row, approval: pendingApproval(row, { ...told, workflowId }), mailed };
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
    const outcomes = asked.map((one): Request | AppError => {
      try {
        return makeOne(one, { people: people.get(one.caller.projectId) ?? [], instances, now });
      } catch (error) {
        if (error instanceof AppError) return error;
        throw error;
      }
    });
    const made = outcomes.flatMap((one) => (one instanceof AppError ? [] : [one]));
    atEnd(() => saveRequests(tx, made));
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
  const id = newId();
  const outcome = await submit({ caller, input, id, callback: sealCallback(input.callback_url, id) });
  if (outcome instanceof AppError) throw outcome;
  return outcome;
}
