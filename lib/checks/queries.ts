import { type Caller, requireOwn, requireScope } from "@/lib/auth/caller";
import { type CheckView, loadViews } from "@/lib/checks/store/view";
import { notFound } from "@/lib/core/errors";
import { isUuid } from "@/lib/core/ids";
import { type Db, pool } from "@/lib/db/pool";
import type { Details } from "@/lib/ingest/signal";
import { isoSeconds, type PingView, uniqueKey } from "./dto";
import type { ChannelObject, FlipFilter, FlipObject } from "./schema";
import type { PingKind } from "./state";

/** Pings that are kept of a check, and shown at once, as the reference does. */
const MAX_PINGS = 1000;
/** A flapping check must not fill the memory of a reader. */
const MAX_FLIPS = 10_000;
const UNIQUE_KEY = /^[0-9a-f]{40}$/;
const PING_NUMBER = /^\d{1,18}$/;

export type CheckFilter = { tags?: string[]; slug?: string | null };

/** The checks of the caller's project that carry every tag and the slug, oldest first. */
export async function listChecks(caller: Caller, filter: CheckFilter = {}, db: Db = pool()): Promise<CheckView[]> {
  requireScope(caller, "read");
  const conditions = ["project_id = $1"];
  const values: unknown[] = [caller.projectId];
  const tags = filter.tags ?? [];
  // PostgreSQL refuses NUL even to compare with.
  if ([...tags, filter.slug ?? ""].some((text) => text.includes("\0"))) return [];
  if (tags.length > 0) conditions.push(`string_to_array(tags, ' ') @> $${values.push(tags)}::text[]`);
  if (filter.slug) conditions.push(`slug = $${values.push(filter.slug)}`);
  return loadViews(db, { where: conditions.join(" AND "), values });
}

/** Throws unless the uuid names a check of the caller's project. Where nothing else of the check is needed. */
export async function requireCheck(caller: Caller, id: string, db: Db = pool()): Promise<void> {
  const found = isUuid(id)
    ? await db.query<{ project_id: string }>("SELECT project_id FROM checks WHERE id = $1", [id])
    : null;
  requireOwn(caller, found?.rows[0]?.project_id, "check");
}

/** The uuid of a check of the caller's project, from its uuid or its unique key. */
export async function getCheckId(caller: Caller, name: string, db: Db = pool()): Promise<string> {
  requireScope(caller, "read");
  if (!UNIQUE_KEY.test(name)) {
    await requireCheck(caller, name, db);
    return name;
  }
  const ids = await db.query<{ id: string }>("SELECT id FROM checks WHERE project_id = $1", [caller.projectId]);
  const match = ids.rows.find((row) => uniqueKey(row.id) === name);
  if (match === undefined) throw notFound("check");
  return match.id;
}

/** One check of the caller's project, by uuid or unique key. */
export async function getCheck(caller: Caller, name: string, db: Db = pool()): Promise<CheckView> {
  const id = await getCheckId(caller, name, db);
  const [view] = await loadViews(db, { where: "id = $1", values: [id] });
  if (view === undefined) throw notFound("check");
  return view;
}

/** The check behind a public badge, of whatever project; null when there is none. */
export async function findCheckForBadge(checkId: string, db: Db = pool()): Promise<CheckView | null> {
  const [view] = await loadViews(db, { where: "id = $1", values: [checkId] });
  return view ?? null;
}

type PingRow = {
  n: number;
  kind: PingKind;
  source: string;
  created_at: Date;
  scheme: string;
  remote_addr: string | null;
  method: string;
  user_agent: string;
  rid: string | null;
  exit_status: number | null;
  duration_ms: number | null;
  details: Details | null;
  has_body: boolean;
};

/** The newest pings of a check, newest first, without their bodies. */
export async function listPings(caller: Caller, checkId: string, db: Db = pool()): Promise<PingView[]> {
  requireScope(caller, "write");
  await requireCheck(caller, checkId, db);
  const found = await db.query<PingRow>(
    `SELECT n, kind, source, created_at, scheme, host(remote_addr) AS remote_addr, method, user_agent, rid, exit_status, duration_ms,
            details, coalesce(octet_length(body), 0) > 0 AS has_body
       FROM pings WHERE project_id = $1 AND check_id = $2 ORDER BY n DESC LIMIT ${MAX_PINGS}`,
    [caller.projectId, checkId],
  );
  return found.rows.map((row) => ({
    checkId,
    n: row.n,
    kind: row.kind,
    source: row.source,
    createdAt: row.created_at.getTime(),
    scheme: row.scheme,
    remoteAddr: row.remote_addr,
    method: row.method,
    userAgent: row.user_agent,
    rid: row.rid,
    exitStatus: row.exit_status,
    durationMs: row.duration_ms,
    details: row.details,
    hasBody: row.has_body,
  }));
}

/**
 * The bytes a ping came with. People who may look may read them; of keys the management API asks for `write`. Throws
 * `not_found` when there are none, or none any more.
 */
export async function getPingBody(
  caller: Caller,
  ping: { checkId: string; n: string },
  db: Db = pool(),
): Promise<Buffer> {
  requireScope(caller, caller.kind === "session" ? "read" : "write");
  await requireCheck(caller, ping.checkId, db);
  if (!PING_NUMBER.test(ping.n)) throw notFound("ping");
  const found = await db.query<{ body: Buffer | null }>(
    "SELECT body FROM pings WHERE project_id = $1 AND check_id = $2 AND n = $3",
    [caller.projectId, ping.checkId, ping.n],
  );
  const body = found.rows[0]?.body ?? null;
  if (body === null || body.length === 0) throw notFound("ping body");
  return body;
}

/** Status changes of a check, newest first; `up` is 1 only for changes to up. */
export async function listFlips(
  caller: Caller,
  asked: { checkId: string } & FlipFilter,
  db: Db = pool(),
): Promise<FlipObject[]> {
  requireScope(caller, "read");
  const conditions = ["project_id = $1", "check_id = $2"];
  const values: unknown[] = [caller.projectId, asked.checkId];
  if (asked.start !== undefined) conditions.push(`at >= to_timestamp($${values.push(asked.start)})`);
  if (asked.end !== undefined) conditions.push(`at < to_timestamp($${values.push(asked.end)})`);
  if (asked.seconds) conditions.push(`at >= now() - make_interval(secs => $${values.push(asked.seconds)})`);
  const found = await db.query<{ at: Date; to_status: string }>(
    `SELECT at, to_status FROM flips WHERE ${conditions.join(" AND ")} ORDER BY seq DESC LIMIT ${MAX_FLIPS}`,
    values,
  );
  return found.rows.map((row) => ({ timestamp: isoSeconds(row.at.getTime()), up: row.to_status === "up" ? 1 : 0 }));
}

/** The channels of the caller's project, oldest first, as the management API names them. */
export async function listChannelNames(caller: Caller, db: Db = pool()): Promise<ChannelObject[]> {
  requireScope(caller, "write");
  const found = await db.query<ChannelObject>(
    "SELECT id, name, kind FROM channels WHERE project_id = $1 ORDER BY created_at, id",
    [caller.projectId],
  );
  return found.rows;
}

/** Whether the database answers. */
export async function probeDatabase(): Promise<boolean> {
  const answer = await pool()
    .query("SELECT 1")
    .catch(() => null);
  return answer !== null;
}
