import { expect } from "@playwright/test";
import pg from "pg";
import { type FilledApprovals, fillApprovals } from "./filled-approvals";
import { fillWorkflows } from "./filled-workflows";
import { openReceiver } from "./receiver";
import type { Running } from "./server";

type Json = Record<string, unknown>;

/** Calls the API of a server with the key of its first project. */
async function call(server: Pick<Running, "url" | "apiKey">, path: string, body?: Json): Promise<Json> {
  const response = await fetch(`${server.url}${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { "X-Api-Key": server.apiKey, "Content-Type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  expect(response.ok, `${path}: ${response.status} ${response.ok ? "" : await response.clone().text()}`).toBe(true);
  return response.json();
}

export type Filled = {
  project: string;
  /** Ids of checks in every state. */
  checks: Record<"up" | "down" | "late" | "running" | "paused" | "fresh", string>;
  /** Ids of workflows that fail, that run, and that were learned. */
  workflows: Record<"strict" | "flexible" | "learned", string>;
  approvals: FilledApprovals;
  /** Ids of a channel that works and of one that does not. */
  channels: Record<"works" | "fails", string>;
};

const LONG_NAME = "Nightly synchronisation of the warehouse with the accounts of every branch north of the river";

async function makeChannels(server: Running): Promise<Filled["channels"] & { close: () => void }> {
  const [hook, gone] = await Promise.all([openReceiver(), openReceiver()]);
  gone.close();
  const make = async (kind: string, name: string, config: Json): Promise<string> =>
    String((await call(server, "/api/channels", { kind, name, config }))["id"]);
  const works = await make("webhook", "Incident desk", { url: `${hook.url}/alerts`, headers: { "X-Team": "ops" } });
  const fails = await make("slack", "#alerts of the platform team", { webhook_url: `${gone.url}/services/T0/B0/x` });
  await make("email", "On call", { to: "on-call@example.org" });
  await make("discord", "Night shift", { webhook_url: `${hook.url}/api/webhooks/1/x` });
  await make("pagerduty", "Pager", { routing_key: "0123456789abcdef0123456789abcdef" });
  return { works, fails, close: hook.close };
}

/** Signals as a job would; `what` is the id of a check and what comes behind it. */
const signal = (server: Running, what: string, body = "") =>
  fetch(`${server.url}/ping/${what}`, { method: "POST", body });

async function makeChecks(server: Running): Promise<Filled["checks"]> {
  const make = async (name: string, fields: Json = {}): Promise<string> =>
    String((await call(server, "/api/v3/checks/", { name, channels: "*", timeout: 3600, ...fields }))["uuid"]);
  // The list begins with what was made last.
  for (let count = 1; count <= 50; count += 1)
    await signal(server, await make(`Worker ${String(count).padStart(2, "0")}`, { tags: "worker", channels: "" }));
  const checks = {
    up: await make("Database backup", {
      tags: "db nightly prod",
      schedule: "0 3 * * *",
      tz: "Europe/Berlin",
      grace: 1800,
      desc: "Dumps every database and copies the dump to another country. The runbook is in the wiki of the team.",
    }),
    down: await make("Invoice export", { tags: "billing prod", slug: "invoice-export" }),
    late: await make("Certificate renewal", { tags: "web" }),
    running: await make("Search index", { tags: "search", timeout: 86_400 }),
    paused: await make("Report of the week", { tags: "billing" }),
    fresh: await make(LONG_NAME, { tags: "warehouse a-tag-that-is-much-longer-than-most-tags-are" }),
  };
  return checks;
}

/** Lets a check that is up have a month behind it: a run each night, three outages, and bodies. */
const PAST = [
  `INSERT INTO pings (project_id, check_id, n, kind, source, created_at, scheme, remote_addr, method, user_agent, exit_status, duration_ms, body)
   SELECT project_id, id, n, (CASE WHEN n % 2 = 1 THEN 'start' WHEN n % 20 = 0 THEN 'fail' ELSE 'success' END)::ping_kind,
          'healthchecks', now() - (31 - (n + 1) / 2) * interval '1 day' + n % 2 * interval '-12 minutes', 'https',
          '2001:db8:85a3::8a2e:370:7334', 'POST', 'curl/8.14.1 (x86_64-pc-linux-gnu) libcurl/8.14.1 OpenSSL/3.5.0',
          CASE WHEN n % 2 = 0 THEN CASE WHEN n % 20 = 0 THEN 3 ELSE 0 END END,
          CASE WHEN n % 2 = 0 THEN 600000 + n * 7919 % 240000 END,
          CASE WHEN n % 2 = 0 THEN convert_to('dumped 12 databases, 48,211 MB', 'UTF8') END
     FROM checks, generate_series(1, 60) AS n WHERE id = $1`,
  `INSERT INTO runs (project_id, check_id, status, started_at, ended_at, duration_ms)
   SELECT project_id, id, (CASE WHEN n % 10 = 0 THEN 'failed' ELSE 'success' END)::run_status,
          now() - (31 - n) * interval '1 day', now() - (31 - n) * interval '1 day' + interval '11 minutes', 600000 + n * 7919 % 240000
     FROM checks, generate_series(1, 30) AS n WHERE id = $1`,
  `INSERT INTO flips (project_id, check_id, seq, from_status, to_status, reason, at)
   SELECT project_id, id, n, (CASE WHEN n % 2 = 1 THEN 'up' ELSE 'down' END)::check_status,
          (CASE WHEN n % 2 = 1 THEN 'down' ELSE 'up' END)::check_status, CASE WHEN n % 2 = 1 THEN 'fail' ELSE 'success' END,
          now() - (28 - n * 3) * interval '1 day' - n % 2 * interval '7 hours'
     FROM checks, generate_series(1, 6) AS n WHERE id = $1`,
  `INSERT INTO misses (project_id, check_id, expected_at)
   SELECT project_id, id, now() - (28 - n * 6) * interval '1 day' - interval '7 hours' FROM checks, generate_series(1, 3) AS n WHERE id = $1`,
  `UPDATE checks SET status = 'up', n_pings = 60, flip_seq = 6, created_at = now() - interval '40 days', last_ping_at = now() - interval '5 hours',
          last_duration_ms = 812000, status_since = now() - interval '10 days', due_at = now() + interval '1 day', watch_at = now() + interval '1 day'
    WHERE id = $1`,
];

async function age(databaseUrl: string, { up, late }: Filled["checks"]): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  for (const statement of PAST) await client.query(statement, [up]);
  await client.query("UPDATE checks SET created_at = now() - interval '50 days' WHERE name LIKE 'Worker %'");
  await client.query(
    `UPDATE checks SET last_ping_at = now() - interval '70 minutes', due_at = now() + interval '50 minutes',
            watch_at = now() + interval '50 minutes' WHERE id = $1`,
    [late],
  );
  await client.query(
    `INSERT INTO alerts (project_id, type, severity, subject_type, subject_id, subject_name, message, dedup_key, occurred_at, acknowledged_at)
     SELECT project_id, 'channel.disabled', 'warning', 'channel', id, name,
            'The channel "' || name || '" was disabled: nothing got through for five days.', 'channel:' || id, now() - interval '2 days', now() - interval '1 day'
       FROM channels WHERE kind = 'pagerduty'`,
  );
  await client.query("UPDATE channels SET enabled = false, disabled_reason = 'HTTP 400' WHERE kind = 'pagerduty'");
  await client.end();
}

/** Alerts that are open, acknowledged and resolved, with deliveries that were sent and that failed. */
async function makeAlerts(server: Running, { down, late, running, paused }: Filled["checks"]): Promise<void> {
  for (const id of [late, running, paused]) await signal(server, id);
  for (const suffix of ["/fail", ""]) await signal(server, `${running}${suffix}`);
  await signal(server, `${paused}/fail`);
  await call(server, `/api/v3/checks/${paused}/pause`, {});
  await signal(server, `${running}/start`);
  await signal(server, down, "exported 118 invoices");
  await signal(server, `${down}/fail`, "Traceback: the ledger <script>alert(1)</script> could not be reached");
}

/** Fills the first project of a server with what a project holds after a month. */
export async function fillProject(server: Running): Promise<Filled & { close: () => void }> {
  const [project] = (await call(server, "/api/projects"))["projects"] as Json[]; // the contract's list shape
  const { close, ...channels } = await makeChannels(server);
  const workflows = await fillWorkflows(server);
  const approvals = await fillApprovals(server);
  const checks = await makeChecks(server);
  await makeAlerts(server, checks);
  await age(server.databaseUrl(), checks);
  await call(server, `/api/channels/${channels.works}/test`, {});
  await call(server, `/api/channels/${channels.fails}/test`, {});
  const id = String(project?.["id"]);
  for (const [name, scopes] of [["Deploy pipeline", ["write"]] as const, ["Read-only wallboard", ["read"]] as const])
    await call(server, `/api/projects/${id}/keys`, { name, scopes });
  await call(server, `/api/projects/${id}/invitations`, { email: "new.colleague@example.org", role: "member" });
  return { project: id, checks, workflows, approvals, channels, close };
}
