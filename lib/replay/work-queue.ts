import { type Caller, callerName, requireOwn, requireScope } from "@/lib/auth/caller";
import { type Page, toPage } from "@/lib/core/cursor";
import { AppError, invalid, notFound } from "@/lib/core/errors";
import { SECOND } from "@/lib/core/time";
import { PolledWatch } from "@/lib/db/polled-watch";
import { type Db, pool } from "@/lib/db/pool";
import { MICROS, MOMENT, momentCursor } from "@/lib/workflows/read/position";
import type { ClaimCommand, Claimed, Command, ListCommands } from "./command-schema";
import { isSessionId } from "./sessions";
import { type Requested, toCommand } from "./worker-command";

/** When whoever took a command `s` on must have asked again, or its instance `i` have been reported to; null without a lease. */
const LEASE_ENDS = "greatest(s.claimed_at, i.last_signal_at) + s.lease_seconds * interval '1 second'";
const IS_FREE = `(s.claimed_at IS NULL OR (s.lease_seconds IS NOT NULL AND ${LEASE_ENDS} < now()))`;

/**
 * Forks and reruns that nobody has taken on, or nobody goes on with, and that still run, of the last day: older ones nobody
 * waits for any more. What could be known of a session alone is said once more, as the index says it.
 */
const OPEN = `replay_sessions s JOIN instances i ON i.project_id = s.project_id AND i.id = s.other_id
  WHERE (s.claimed_at IS NULL OR s.lease_seconds IS NOT NULL) AND s.kind <> 'compare' AND ${IS_FREE}
    AND s.created_at > now() - interval '1 day' AND i.status = 'running'`;

type Row = Requested & { position: number };

const COLUMNS = `s.id, s.kind, s.instance_id, s.other_id, s.inputs ->> 'fork_from_stage' AS fork_from_stage, s.reason, s.actor_name,
  s.created_at, s.result AS parts, ${MICROS("s.created_at")} AS position`;

/** The commands of a project, or of one workflow of it, that came after some place of the list. */
type Wanted = { projectId: string; workflowId: string | null; after: [micros: number, id: string] | null };

const FIRST: [number, string] = [0, "00000000-0000-0000-0000-000000000000"];

/** Text that names what is wanted, for those who wait for the same. */
const keyOf = ({ projectId, workflowId, after }: Wanted): string =>
  JSON.stringify([projectId, workflowId, ...(after ?? FIRST)]);

/** Of these the ones that something has come for: each is one look into an index. */
async function askOpen(keys: string[]): Promise<[string, true][]> {
  const { rows } = await pool().query<{ key: string }>({
    name: "open-commands",
    text: `SELECT w.key FROM (SELECT key, key::jsonb AS of FROM unnest($1::text[]) AS k (key)) AS w
            WHERE CASE WHEN w.of ->> 1 IS NULL
              THEN EXISTS (SELECT FROM ${OPEN} AND ${IS_AFTER})
              ELSE EXISTS (SELECT FROM ${OPEN} AND ${IS_AFTER} AND s.workflow_id = w.of ->> 1) END`,
    values: [keys],
  });
  return rows.map(({ key }) => [key, true]);
}
const IS_AFTER = `s.project_id = (w.of ->> 0)::uuid AND (s.created_at, s.id) > (${MOMENT("(w.of ->> 2)")}, (w.of ->> 3)::uuid)`;

// Routes are in Next's bundles, whoever stops them beside the front door; they meet here.
const shared = globalThis as typeof globalThis & { pulsetrailCommands?: PolledWatch<true> };

/** Everybody in this process who waits for something to do. */
export function theCommandWatch(): PolledWatch<true> {
  shared.pulsetrailCommands ??= new PolledWatch(askOpen);
  return shared.pulsetrailCommands;
}

/** Commands that are free to be taken on, the oldest first, at most `limit`. */
export async function loadOpen(db: Db, { projectId, workflowId, after }: Wanted, limit: number): Promise<Row[]> {
  const values: unknown[] = [projectId, limit];
  const value = (given: unknown): string => `$${values.push(given)}`;
  const own = workflowId === null ? "" : `AND s.workflow_id = ${value(workflowId)}`;
  const later =
    after === null ? "" : `AND (s.created_at, s.id) > (${MOMENT(value(after[0]))}, ${value(after[1])}::uuid)`;
  const { rows } = await db.query<Row>(
    `SELECT ${COLUMNS} FROM ${OPEN} AND s.project_id = $1 ${own} ${later} ORDER BY s.created_at, s.id LIMIT $2`,
    values,
  );
  return rows;
}

/** Where the list goes on: at a cursor, else after a command that is named. Throws `invalid_input`. */
async function placeAfter(caller: Caller, { cursor, after }: ListCommands): Promise<Wanted["after"]> {
  if (cursor !== undefined || after === undefined) return momentCursor(cursor, isSessionId);
  const { rows } = await pool().query<{ position: number }>(
    `SELECT ${MICROS("created_at")} AS position FROM replay_sessions WHERE project_id = $1 AND id = $2`,
    [caller.projectId, after],
  );
  if (rows[0] === undefined) throw invalid("after", "is not a command of this project");
  return [rows[0].position, after];
}

type Waiting = ListCommands & { signal: AbortSignal };

/**
 * What workers of the caller's project can take on, the oldest first, of those after some command; when there is nothing, as
 * soon as there is, for so many seconds. Throws `forbidden` and `invalid_input`.
 */
export async function waitForCommands(caller: Caller, asked: Waiting): Promise<Page<Command>> {
  requireScope(caller, "read");
  const { wait, limit, signal } = asked;
  const after = await placeAfter(caller, asked);
  const wanted = { projectId: caller.projectId, workflowId: asked.workflow_id ?? null, after };
  const until = performance.now() + wait * SECOND;
  for (;;) {
    const rows = await loadOpen(pool(), wanted, limit + 1);
    const left = until - performance.now();
    if (rows.length > 0 || left <= 0 || signal.aborted) {
      const { items, nextCursor } = toPage(rows, limit, (row) => [row.position, row.id]);
      return { items: items.map(toCommand), nextCursor };
    }
    // Whoever was quicker may have taken on what came: then there is time left.
    if ((await theCommandWatch().wait(keyOf(wanted), { ms: left, signal })) === null)
      return { items: [], nextCursor: null };
  }
}

type Claim = ClaimCommand & { id: string };

/**
 * Takes a command on: one worker alone does, and only while its instance runs. The same worker may ask again, should it not
 * have heard the answer, or to keep what it has: a lease, in seconds, begins anew whenever it asks and whenever its instance
 * is reported to. Throws `already_claimed`, `conflict`, `not_found` and `forbidden`.
 */
export async function claimCommand(caller: Caller, { id, worker, lease_seconds: lease }: Claim): Promise<Claimed> {
  requireScope(caller, "write");
  await requireCommand(caller, id);
  const name = worker === undefined ? callerName(caller) : `${callerName(caller)}/${worker}`;
  const { rows } = await pool().query<Row & { lease_ends: Date | null }>(
    `UPDATE replay_sessions s SET claimed_at = now(), claimed_by = $3, lease_seconds = $5::int FROM instances i
      WHERE s.project_id = $1 AND s.id = $2 AND (${IS_FREE} OR ($4 AND s.claimed_by = $3))
        AND i.project_id = s.project_id AND i.id = s.other_id AND i.status = 'running'
      RETURNING ${COLUMNS}, ${LEASE_ENDS} AS lease_ends`,
    [caller.projectId, id, name, worker !== undefined, lease ?? null],
  );
  const [taken] = rows;
  if (taken === undefined) throw await refusal(pool(), caller.projectId, id);
  return { ...toCommand(taken), lease_expires_at: taken.lease_ends?.toISOString() ?? null };
}

/** Gives a command back, so that it is offered again. Throws `not_found` and `forbidden`. */
export async function releaseCommand(caller: Caller, id: string): Promise<void> {
  requireScope(caller, "write");
  await requireCommand(caller, id);
  await pool().query(
    "UPDATE replay_sessions SET claimed_at = NULL, claimed_by = NULL, lease_seconds = NULL WHERE project_id = $1 AND id = $2",
    [caller.projectId, id],
  );
}

/** Throws unless this is a command of the caller's project. */
async function requireCommand(caller: Caller, id: string): Promise<void> {
  const { rows } = await pool().query<{ project_id: string }>(
    "SELECT project_id FROM replay_sessions WHERE id = $1 AND kind <> 'compare'",
    [id],
  );
  requireOwn(caller, rows[0]?.project_id, "command");
  if (rows[0] === undefined) throw notFound("command");
}

/** Why a command cannot be taken on. */
async function refusal(db: Db, projectId: string, id: string): Promise<AppError> {
  const { rows } = await db.query<{ claimed_by: string | null; claimed_at: Date | null; is_free: boolean }>(
    `SELECT s.claimed_by, s.claimed_at, ${IS_FREE} AS is_free
       FROM replay_sessions s LEFT JOIN instances i ON i.project_id = s.project_id AND i.id = s.other_id
      WHERE s.project_id = $1 AND s.id = $2`,
    [projectId, id],
  );
  const { claimed_by: by = null, claimed_at: at = null, is_free: isFree = true } = rows[0] ?? {};
  if (at === null || isFree) return new AppError("conflict", "Its instance does not run any more.");
  return new AppError("already_claimed", `${by} has taken it on.`, {
    members: { claimed_by: by, claimed_at: at.toISOString() },
  });
}
