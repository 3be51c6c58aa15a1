import type { Decision } from "@/lib/approvals/schema";
import { randomLower, randomToken, sha256 } from "@/lib/core/ids";
import { MINUTE } from "@/lib/core/time";
import { prisma } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import { pool } from "@/lib/db/pool";

type Wanted = Partial<Omit<Prisma.ApprovalUncheckedCreateInput, "projectId" | "id" | "tokens" | "votes" | "events">> & {
  /** How long it has left, in milliseconds; what is negative has run out. */
  leftMs?: number;
};

/** A pending approval, asked for by a key; gives its id. */
export async function makeApproval(
  projectId: string,
  { leftMs = 5 * MINUTE, ...fields }: Wanted = {},
): Promise<string> {
  const id = `apr_${randomLower(12)}`;
  const due = new Date(Date.now() + leftMs);
  const data = {
    context: "Publish the report",
    risk: "medium" as const,
    need: 1,
    timeoutSeconds: 300,
    timeoutAction: "deny" as const,
    createdAt: new Date(due.getTime() - 5 * MINUTE),
    expiresAt: due,
    dueAt: due,
    requestedBy: "key:00000000-0000-4000-8000-000000000000",
    requesterName: "key:deployer",
    ...fields,
  };
  await prisma().approval.create({ data: { ...data, projectId, id } });
  return id;
}

/** Where a mailed link is, and for whom. */
export type LinkPlace = { projectId: string; approvalId: string; userId: string };

/** The token of a link as a mail holds it. */
export async function makeLink({ projectId, approvalId, userId }: LinkPlace, decision: Decision): Promise<string> {
  const token = randomToken(43);
  await prisma().approvalToken.create({
    data: { hash: new Uint8Array(sha256(token)), projectId, approvalId, userId, decision },
  });
  return token;
}

export type Mailed = { id: string; approve: string; deny: string };

/** An approval and the tokens of the two links that a mail about it holds. */
export async function makeMailed(projectId: string, userId: string, fields: Wanted = {}): Promise<Mailed> {
  const id = await makeApproval(projectId, fields);
  const place = { projectId, approvalId: id, userId };
  return { id, approve: await makeLink(place, "approve"), deny: await makeLink(place, "deny") };
}

/** What Chromium sends with a form of a page without a referrer. */
export const FORM_HEADERS = {
  "Content-Type": "application/x-www-form-urlencoded",
  Origin: "null",
  "Sec-Fetch-Site": "same-origin",
  "User-Agent": "test browser",
  "X-Forwarded-For": "203.0.113.7",
};

const TABLES = [
  "approvals",
  "approval_tokens",
  "approval_votes",
  "approval_events",
  "alerts",
  "deliveries",
  "audit_entries",
];

/** A checksum of every row that an approval could leave a trace in. */
export async function approvalChecksum(): Promise<string> {
  const sums = TABLES.map(
    (table) => `(SELECT md5(coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), '')) FROM ${table} t)`,
  );
  const { rows } = await pool().query<{ sum: string }>(`SELECT concat_ws(' ', ${sums.join(", ")}) AS sum`);
  return rows[0]?.sum ?? "";
}
