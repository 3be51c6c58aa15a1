import { pool } from "@/lib/db/pool";

type Asked = {
  id: string;
  status: string;
  context: string;
  risk: string;
  action: string;
  args: Record<string, unknown>;
  limit_type: string;
  requester_name: string;
  timeout_action: string;
  timeout_seconds: number;
  decider_name: string | null;
};

/** What was asked about the limits of an instance, oldest first. */
export async function askedOf(instanceId: string): Promise<Asked[]> {
  const { rows } = await pool().query<Asked>(
    `SELECT id, status, context, risk, action, args, limit_type, requester_name, timeout_action, timeout_seconds, decider_name
       FROM approvals WHERE instance_id = $1 AND limit_type IS NOT NULL ORDER BY created_at, id`,
    [instanceId],
  );
  return rows;
}

/** The one thing that waits to be decided about the limits of an instance. */
export async function openLimit(instanceId: string): Promise<string> {
  const open = (await askedOf(instanceId)).filter(({ status }) => status === "pending");
  const [first] = open;
  if (first === undefined || open.length > 1) throw new Error(`${open.length} approvals wait, not one`);
  return first.id;
}

/** How an instance stands, and why it ended. */
export async function standingOf(instanceId: string): Promise<[status: string, reason: string | null]> {
  const { rows } = await pool().query<{ status: string; failure_reason: string | null }>(
    "SELECT status, failure_reason FROM instances WHERE id = $1",
    [instanceId],
  );
  return [rows[0]?.status ?? "gone", rows[0]?.failure_reason ?? null];
}
