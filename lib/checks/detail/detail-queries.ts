import { type Caller, requireScope } from "@/lib/auth/caller";
import { requireCheck } from "@/lib/checks/queries";
import type { FlipReason, PingKind, Status } from "@/lib/checks/state";
import { decodeCursor, type Page, toPage } from "@/lib/core/cursor";
import { notFound } from "@/lib/core/errors";
import { type Db, pool } from "@/lib/db/pool";
import type { RunDuration } from "./durations";
import {
  type FlipEntry,
  type LogEntry,
  type LogKind,
  type LogPosition,
  type MissEntry,
  mergeLog,
  type PingEntry,
} from "./log";
import type { History } from "./uptime";

const LOG_PAGE = 50;
const SHOWN_RUNS = 100;
/** A flapping check must not fill the memory of a reader. */
const MAX_CHANGES = 10_000;
/** The year 2286: no signal is expected so late. */
const LAST_MS = 10_000_000_000_000;
const START: LogPosition = [Number.MAX_SAFE_INTEGER, 2_147_483_647, LAST_MS];

/** Which part of a check's log: only these kinds (none: all), from the cursor on. */
export type LogQuery = { checkId: string; kinds?: LogKind[]; cursor?: string | undefined };

/** A cursor that is none of this list stands for its beginning: people come by it only through an address cut short. */
function positionOf(cursor: string | undefined): LogPosition {
  const [n, seq, missedMs] = valuesOf(cursor);
  const isWithin = (value: unknown, max: number): value is number =>
    typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= max;
  return isWithin(n, START[0]) && isWithin(seq, START[1]) && isWithin(missedMs, LAST_MS) ? [n, seq, missedMs] : START;
}

function valuesOf(cursor: string | undefined): (string | number)[] {
  try {
    return decodeCursor(cursor, START.length) ?? START;
  } catch {
    return START;
  }
}

/** The pings, status changes and missed signals of a check as one list, newest first. */
export async function listLog(
  caller: Caller,
  { checkId, kinds = [], cursor }: LogQuery,
  db: Db = pool(),
): Promise<Page<LogEntry>> {
  requireScope(caller, "read");
  await requireCheck(caller, checkId, db);
  const start = positionOf(cursor);
  const place = [caller.projectId, checkId];
  const pingKinds = kinds.filter((kind) => kind !== "status" && kind !== "missed");
  const isAll = kinds.length === 0;
  const [pings, flips, misses] = await Promise.all([
    isAll || pingKinds.length > 0 ? loadPings(db, place, { before: start[0], kinds: isAll ? null : pingKinds }) : [],
    isAll || kinds.includes("status") ? loadFlips(db, place, start[1]) : [],
    isAll || kinds.includes("missed") ? loadMisses(db, place, start[2]) : [],
  ]);
  const { items, nextCursor } = toPage(mergeLog({ pings, flips, misses }, start), LOG_PAGE, ({ behind }) => behind);
  return { items: items.map(({ entry }) => entry), nextCursor };
}

type PingRow = Omit<PingEntry, "type" | "at"> & { created_at: Date };

async function loadPings(
  db: Db,
  place: string[],
  { before, kinds }: { before: number; kinds: PingKind[] | null },
): Promise<PingEntry[]> {
  const found = await db.query<PingRow>(
    `SELECT n, kind, created_at, host(remote_addr) AS remote_addr, method, user_agent, duration_ms, exit_status,
            rid, source, details,
            coalesce(octet_length(body), 0) AS body_bytes
       FROM pings WHERE project_id = $1 AND check_id = $2 AND n < $3 AND ($4::ping_kind[] IS NULL OR kind = ANY ($4))
      ORDER BY n DESC LIMIT ${LOG_PAGE + 1}`,
    [...place, before, kinds],
  );
  return found.rows.map(({ created_at, ...ping }) => ({ type: "ping", at: created_at.toISOString(), ...ping }));
}

async function loadFlips(db: Db, place: string[], before: number): Promise<FlipEntry[]> {
  const found = await db.query<{ seq: number; from: Status; to: Status; reason: FlipReason; at: Date }>(
    `SELECT seq, from_status AS from, to_status AS to, reason, at FROM flips
      WHERE project_id = $1 AND check_id = $2 AND seq < $3 ORDER BY seq DESC LIMIT ${LOG_PAGE + 1}`,
    [...place, before],
  );
  return found.rows.map(({ at, ...flip }) => ({ type: "flip", at: at.toISOString(), ...flip }));
}

async function loadMisses(db: Db, place: string[], before: number): Promise<MissEntry[]> {
  const found = await db.query<{ at: Date }>(
    `SELECT expected_at AS at FROM misses
      WHERE project_id = $1 AND check_id = $2 AND expected_at < to_timestamp($3::float8 / 1000)
      ORDER BY expected_at DESC LIMIT ${LOG_PAGE + 1}`,
    [...place, before],
  );
  return found.rows.map(({ at }) => ({ type: "miss", at: at.toISOString() }));
}

/** How long the newest runs of a check took, oldest first; at most 100. */
export async function listDurations(caller: Caller, checkId: string, db: Db = pool()): Promise<RunDuration[]> {
  requireScope(caller, "read");
  await requireCheck(caller, checkId, db);
  const found = await db.query<{ id: string; started_at: Date; duration_ms: number; failed: boolean }>(
    `SELECT id, started_at, duration_ms, status <> 'success' AS failed FROM runs
      WHERE project_id = $1 AND check_id = $2 AND duration_ms IS NOT NULL ORDER BY started_at DESC LIMIT ${SHOWN_RUNS}`,
    [caller.projectId, checkId],
  );
  return found.rows.map((run) => ({ ...run, started_at: run.started_at.toISOString() })).reverse();
}

/** The status changes of a check that are kept, and what it is now, for `uptime` and `outages`. */
export async function getHistory(caller: Caller, checkId: string, db: Db = pool()): Promise<History> {
  requireScope(caller, "read");
  await requireCheck(caller, checkId, db);
  const [check, flips] = await Promise.all([
    db.query<{ created_at: Date; status: Status; now: Date }>(
      "SELECT created_at, status, clock_timestamp() AS now FROM checks WHERE id = $1",
      [checkId],
    ),
    db.query<{ from: Status; to: Status; reason: FlipReason; at: Date }>(
      `SELECT from_status AS from, to_status AS to, reason, at FROM flips
        WHERE project_id = $1 AND check_id = $2 ORDER BY seq DESC LIMIT ${MAX_CHANGES}`,
      [caller.projectId, checkId],
    ),
  ]);
  const [found] = check.rows;
  if (found === undefined) throw notFound("check");
  const changes = flips.rows.map((flip) => ({ ...flip, at: flip.at.getTime() })).reverse();
  const oldest = changes.length === MAX_CHANGES ? changes[0]?.at : undefined;
  return {
    since: oldest ?? found.created_at.getTime(),
    status: found.status,
    changes,
    now: found.now.getTime(),
  };
}
