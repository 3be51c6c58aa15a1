import type { Decision, Risk } from "@/lib/approvals/schema";
import { iso, SECOND } from "@/lib/core/time";
import type { LimitType } from "@/lib/costs/breaker-state";
import { plainArray, textArray } from "@/lib/db/columns";
import type { Db } from "@/lib/db/pool";

/** An approval to be stored; `now` is the transaction's, in epoch milliseconds. `args` and `metadata` are JSON. */
export type NewApproval = {
  projectId: string;
  id: string;
  context: string;
  risk: Risk;
  action: string | null;
  args: string | null;
  actionDigest: string | null;
  need: number;
  /** Ids of the people who alone may decide. */
  approvers: string[];
  timeoutSeconds: number;
  timeoutAction: Decision;
  requestedBy: string;
  requesterName: string;
  /** Sealed. */
  callback: Uint8Array | null;
  instanceId: string | null;
  stagePath: string | null;
  metadata: string | null;
  /** The limit of costs that is to be raised; null for what anybody else asks for. */
  limitType: LimitType | null;
  now: number;
};

/** What a mailed link holds; the token itself is not stored. */
export type NewToken = {
  hash: Buffer;
  projectId: string;
  approvalId: string;
  userId: string;
  decision: Decision;
};

const bytes = (value: Uint8Array | null): string | null =>
  value === null ? null : `\\x${Buffer.from(value).toString("hex")}`;

type Column = [name: string, type: string, read: (rows: NewApproval[]) => string, cast?: string];
const texts = (read: (row: NewApproval) => string | null) => (rows: NewApproval[]) => textArray(rows.map(read));
const plain = (read: (row: NewApproval) => string | number | null) => (rows: NewApproval[]) =>
  plainArray(rows.map(read));

const COLUMNS: Column[] = [
  ["project_id", "uuid", plain(({ projectId }) => projectId)],
  ["id", "text", plain(({ id }) => id)],
  ["context", "text", texts(({ context }) => context)],
  ["risk", "text", plain(({ risk }) => risk), "risk"],
  ["action", "text", texts(({ action }) => action)],
  ["args", "text", texts(({ args }) => args), "jsonb"],
  ["action_digest", "text", plain(({ actionDigest }) => actionDigest)],
  ["need", "int", plain(({ need }) => need)],
  ["approvers", "text", texts(({ approvers }) => plainArray(approvers)), "uuid[]"],
  ["timeout_seconds", "int", plain(({ timeoutSeconds }) => timeoutSeconds)],
  ["timeout_action", "text", plain(({ timeoutAction }) => timeoutAction), "decision"],
  ["created_at", "timestamptz", plain(({ now }) => iso(now))],
  ["expires_at", "timestamptz", plain(({ now, timeoutSeconds }) => iso(now + timeoutSeconds * SECOND))],
  ["requested_by", "text", texts(({ requestedBy }) => requestedBy)],
  ["requester_name", "text", texts(({ requesterName }) => requesterName)],
  ["callback", "text", texts(({ callback }) => bytes(callback)), "bytea"],
  ["instance_id", "text", plain(({ instanceId }) => instanceId)],
  ["stage_path", "text", plain(({ stagePath }) => stagePath)],
  ["metadata", "text", texts(({ metadata }) => metadata), "jsonb"],
  ["limit_type", "text", plain(({ limitType }) => limitType)],
];

const NAMES = COLUMNS.map(([name]) => name).join(", ");
const INSERT = `
  INSERT INTO approvals (${NAMES}, due_at)
  SELECT ${COLUMNS.map(([name, , , cast]) => (cast === undefined ? name : `${name}::${cast}`)).join(", ")}, expires_at
    FROM unnest(${COLUMNS.map(([, type], index) => `$${index + 1}::${type}[]`).join(", ")}) AS a (${NAMES})`;

/** Stores approvals that wait for a decision. */
export async function insertApprovals(tx: Db, approvals: NewApproval[]): Promise<void> {
  await tx.query({ name: "insert-approvals", text: INSERT, values: COLUMNS.map(([, , read]) => read(approvals)) });
}

/** Stores what mailed links hold. */
export async function insertTokens(tx: Db, tokens: NewToken[]): Promise<void> {
  if (tokens.length === 0) return;
  await tx.query({
    name: "insert-approval-tokens",
    text: `INSERT INTO approval_tokens (hash, project_id, approval_id, user_id, decision)
           SELECT hash::bytea, project_id, approval_id, user_id, decision::decision
             FROM unnest($1::text[], $2::uuid[], $3::text[], $4::uuid[], $5::text[]) AS t (hash, project_id, approval_id, user_id, decision)`,
    values: [
      textArray(tokens.map(({ hash }) => bytes(hash))),
      plainArray(tokens.map(({ projectId }) => projectId)),
      plainArray(tokens.map(({ approvalId }) => approvalId)),
      plainArray(tokens.map(({ userId }) => userId)),
      plainArray(tokens.map(({ decision }) => decision)),
    ],
  });
}
