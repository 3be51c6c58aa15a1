import { type Caller, requireScope } from "@/lib/auth/caller";
import { getHistory } from "@/lib/checks/detail/detail-queries";
import type { PingEntry } from "@/lib/checks/detail/log";
import { uptime } from "@/lib/checks/detail/uptime";
import type { PingKind } from "@/lib/checks/state";
import type { Page } from "@/lib/core/cursor";
import { type Db, pool } from "@/lib/db/pool";
import { type Bounds, boundsOf, type Place } from "./bounds";
import { historyWithin } from "./past";
import type { Range } from "./schema";
import { MAX_POINTS, sampledTiming, type TimedSignal, type TimingPoint, timingOf } from "./timing";

const SIGNALS_A_PAGE = 50;
/** A page that shows few kinds looks through so many signals at most, and goes on from there. */
const LOOKED_THROUGH = 20_000;
/** As many are read as they are; of more, samples of so many that follow each other. */
const TIMED_SIGNALS = 2000;
const SAMPLE = 12;

export type HistoryQuery = { checkId: string; range: Range; kinds: PingKind[]; cursor?: string | undefined };

/** What the history page shows of a stretch of time. */
export type CheckHistory = {
  /** How many signals there are, of all kinds; of a thinned history about as many. */
  signals: number;
  page: Page<PingEntry>;
  timing: { points: TimingPoint[]; isSampled: boolean };
  /** From 0 to 1; null when it was not watched. */
  uptime: number | null;
};

/** The signals of a check in a stretch of time, newest first, with what they add up to. */
export async function getCheckHistory(
  caller: Caller,
  { checkId, range, kinds, cursor }: HistoryQuery,
  db: Db = pool(),
): Promise<CheckHistory> {
  requireScope(caller, "read");
  const place = { projectId: caller.projectId, checkId };
  // Refuses what is not the caller's.
  const changes = await getHistory(caller, checkId, db);
  const bounds = await boundsOf(db, place, range);
  const [page, timing] = await Promise.all([
    listSignals(db, place, { ...bounds, end: Math.min(bounds.end, positionOf(cursor)), kinds }),
    loadTiming(db, place, bounds),
  ]);
  const within = historyWithin(changes, range);
  return { signals: bounds.end - bounds.first, page, timing, uptime: uptime(within.history, within.windowMs) };
}

/** A cursor is the number of the last signal that was shown; an address cut short begins anew. */
function positionOf(cursor: string | undefined): number {
  return /^\d{1,15}$/.test(cursor ?? "") ? Number(cursor) : Number.MAX_SAFE_INTEGER;
}

type PingRow = Omit<PingEntry, "type" | "at"> & { created_at: Date };

async function listSignals(
  db: Db,
  { projectId, checkId }: Place,
  { first, end, kinds }: Bounds & { kinds: PingKind[] },
): Promise<Page<PingEntry>> {
  const from = kinds.length === 0 ? first : Math.max(first, end - LOOKED_THROUGH);
  const found = await db.query<PingRow>(
    `SELECT n, kind, created_at, host(remote_addr) AS remote_addr, method, user_agent, duration_ms, exit_status,
            rid, source, details, coalesce(octet_length(body), 0) AS body_bytes
       FROM pings WHERE project_id = $1 AND check_id = $2 AND n >= $3 AND n < $4
        AND ($5::ping_kind[] IS NULL OR kind = ANY ($5)) ORDER BY n DESC LIMIT ${SIGNALS_A_PAGE + 1}`,
    [projectId, checkId, from, end, kinds.length === 0 ? null : kinds],
  );
  const items = found.rows
    .slice(0, SIGNALS_A_PAGE)
    .map(({ created_at, ...ping }): PingEntry => ({ type: "ping", at: created_at.toISOString(), ...ping }));
  const isFull = found.rows.length > SIGNALS_A_PAGE;
  const last = isFull ? items.at(-1)?.n : from;
  return { items, nextCursor: (isFull || from > first) && last !== undefined ? String(last) : null };
}

type TimedRow = { n: number; created_at: Date; kind: PingKind; took: number | null };

const toTimed = ({ n, created_at, kind, took }: TimedRow): TimedSignal => ({
  n,
  at: created_at.getTime(),
  kind,
  durationMs: took,
});

const TOOK = "coalesce(duration_ms, (details ->> 'reported_duration_ms')::float8)::float8 AS took";

async function loadTiming(
  db: Db,
  { projectId, checkId }: Place,
  { first, end }: Bounds,
): Promise<CheckHistory["timing"]> {
  if (end - first > TIMED_SIGNALS)
    return { points: await loadSamples(db, [projectId, checkId], { first, end }), isSampled: true };
  const found = await db.query<TimedRow>(
    `SELECT n, created_at, kind, ${TOOK} FROM pings WHERE project_id = $1 AND check_id = $2 AND n >= $3 AND n < $4 ORDER BY n`,
    [projectId, checkId, first, end],
  );
  return { points: timingOf(found.rows.map(toTimed)), isSampled: false };
}

async function loadSamples(db: Db, place: string[], { first, end }: Bounds): Promise<TimingPoint[]> {
  const step = Math.ceil((end - first) / MAX_POINTS);
  const found = await db.query<TimedRow & { sample: number }>(
    `SELECT sample, n, created_at, kind, took
       FROM generate_series($3::bigint, $4::bigint - 1, $5::bigint) AS sample, LATERAL (
            SELECT n, created_at, kind, ${TOOK} FROM pings
             WHERE project_id = $1 AND check_id = $2 AND n >= sample AND n < least(sample + $5, $4) ORDER BY n LIMIT ${SAMPLE}) AS signal
      ORDER BY sample, n`,
    [...place, first, end, step],
  );
  const samples = new Map<number, TimedSignal[]>();
  for (const row of found.rows) samples.set(row.sample, [...(samples.get(row.sample) ?? []), toTimed(row)]);
  return sampledTiming([...samples.values()]);
}
