import { requestApproval } from "@/lib/approvals/request";
import { CreateApproval } from "@/lib/approvals/schema";
import { pool } from "@/lib/db/pool";
import type { TestProject } from "./world";

/** Asks for an approval as a key of the project does; gives its id. */
export async function ask(project: TestProject, body: object = {}, caller = project.caller): Promise<string> {
  const approval = await requestApproval(caller, CreateApproval.parse({ context: "Publish it", ...body }));
  return approval.approval_id;
}

/** Everything that is stored of an approval, so that a test can say that nothing changed. */
export async function storedApproval(id: string): Promise<Record<string, unknown>> {
  const { rows } = await pool().query<Record<string, unknown>>(
    `SELECT a.*, (SELECT json_agg(v) FROM approval_votes v WHERE v.approval_id = a.id) AS votes,
            (SELECT json_agg(e) FROM approval_events e WHERE e.approval_id = a.id) AS events,
            (SELECT json_agg(t.hash) FROM approval_tokens t WHERE t.approval_id = a.id) AS tokens,
            (SELECT json_agg(l.type) FROM alerts l WHERE l.subject_id = a.id) AS alerts
       FROM approvals a WHERE a.id = $1`,
    [id],
  );
  return rows[0] ?? {};
}

/** Lets the time of an approval run out: its deadline was a second ago. */
export async function runOut(id: string): Promise<void> {
  await pool().query(
    `UPDATE approvals SET created_at = now() - interval '1 hour', expires_at = ended, due_at = ended
       FROM (SELECT date_trunc('milliseconds', now()) - interval '1 second' AS ended) AS t WHERE id = $1`,
    [id],
  );
}
