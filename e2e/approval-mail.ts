import pg from "pg";
import { openReceiver, type Receiver } from "./receiver";
import { type Running, startServer } from "./server";

/** A mail about an approval: the paths of its two links. */
export type ApprovalMail = { id: string; project: string; to: string; approve: string; deny: string };

export type Asked = {
  context?: string;
  risk?: "low" | "medium" | "high";
  need?: number;
  action?: string;
  args?: unknown;
};

/** Runs statements on the database of a server, for what no page shows. */
export async function onDatabaseOf<T>(server: Running, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: server.databaseUrl() });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** A server whose mail comes to a receiver of ours instead of to people. */
export type Mailing = { server: Running; mail: Receiver };

/** Starts a server of its own that mails. */
export async function startMailing(
  settings: Record<string, string> = {},
): Promise<Mailing & { stop: () => Promise<void> }> {
  const mail = await openReceiver({ id: "mail-1" });
  const server = await startServer({
    RESEND_API_KEY: "re_test",
    RESEND_BASE_URL: mail.url,
    EMAIL_FROM: "Pulsetrail <hello@example.org>",
    ...settings,
  });
  const stop = async (): Promise<void> => {
    await server.stop();
    mail.close();
  };
  return { server, mail, stop };
}

/** Where the button of a mail leads, below the server's own address. */
function linkIn(html: string, label: string): string {
  return new RegExp(`href="[^"]*(/approve/[\\w-]+)"[^>]*>${label}<`).exec(html)?.[1] ?? `no button ${label}`;
}

/** Asks for an approval as an agent does, and opens the mail that the owner of the project gets. */
export async function askByMail({ server, mail }: Mailing, asked: Asked = {}): Promise<ApprovalMail> {
  const context = "Publish blog post: Q4 Earnings Report";
  const made = await fetch(`${server.url}/api/approvals`, {
    method: "POST",
    headers: { "X-Api-Key": server.apiKey, "Content-Type": "application/json" },
    body: JSON.stringify({ context, timeout_seconds: 3600, ...asked }),
  });
  const { approval_id: id } = await made.json();
  const { body } = await mail.next((one) => one.body.includes(`/approvals/${id}`));
  const { to, html } = JSON.parse(body);
  const project = new RegExp(`/projects/([0-9a-f-]+)/approvals/${id}`).exec(html)?.[1] ?? "";
  return { id, project, to, approve: linkIn(html, "Approve"), deny: linkIn(html, "Deny") };
}

const TABLES = ["approvals", "approval_tokens", "approval_votes", "approval_events"];

/** A checksum of everything that is stored of approvals. */
export function approvalsOf(server: Running): Promise<string> {
  const sums = TABLES.map(
    (name) => `(SELECT md5(coalesce(string_agg(t::text, ',' ORDER BY t::text), '')) FROM ${name} t)`,
  );
  return onDatabaseOf(server, async (client) => {
    const { rows } = await client.query(`SELECT concat_ws(' ', ${sums.join(", ")}) AS sum`);
    return String(rows[0]?.sum);
  });
}

/** What is stored of one approval, and how often which page or person did something with it. */
export function storedOf(
  server: Running,
  id: string,
): Promise<{ status: string; by: string | null; votes: number; events: string[] }> {
  return onDatabaseOf(server, async (client) => {
    const { rows } = await client.query(
      `SELECT status, decider_name AS by,
              (SELECT count(*)::int FROM approval_votes v WHERE v.approval_id = a.id) AS votes,
              ARRAY(SELECT kind || ' by ' || via FROM approval_events e WHERE e.approval_id = a.id ORDER BY e.id) AS events
         FROM approvals a WHERE id = $1`,
      [id],
    );
    return rows[0];
  });
}
