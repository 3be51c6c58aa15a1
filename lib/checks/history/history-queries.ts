import { type Caller, requireScope } from "@/lib/auth/caller";
import { getHistory } from "@/lib/checks/detail/detail-queries";
import { type LogPosition, type MissEntry, mergeLog, type PingEntry } from "@/lib/checks/detail/log";
import { uptime } from "@/lib/checks/detail/uptime";
import type { PingKind } from "@/lib/checks/state";
import type { Page } from "@/lib/core/cursor";
import { type Db, pool } from "@/lib/db/pool";
import { type Bounds, boundsOf, type Place } from "./bounds";
import { type HistoryKind, type Range, wantedOf } from "./choices";
import { countMisses, listMisses } from "./miss-queries";
import { historyWithin } from "./past";
import { MAX_POINTS, sampledTiming, type TimedSignal, type TimingPoint, timingOf } from "./timing";

const ENTRIES_A_PAGE = 50;
/** A page that shows few kinds looks through so many signals at most, and goes on from there. */
const LOOKED_THROUGH = 20_000;
/** As many are read as they are; of more, samples of so many that follow each other. */
const TIMED_SIGNALS = 2000;
const SAMPLE = 12;

export type HistoryQuery = { checkId: string; range: Range; kinds: HistoryKind[]; cursor?: string | undefined };
export type HistoryEntry = PingEntry | MissEntry;

/** What the history page shows of a stretch of time. */
export type CheckHistory = {
  /** How many signals there are, of all kinds; of a thinned history about as many. */
  signals: number;
  /** How many expected ones did not come; at most 100,000. */
  missed: number;
  page: Page<HistoryEntry>;
  timing: { points: TimingPoint[]; isSampled: boolean };
  /** From 0 to 1; null when it was not watched. */
  uptime: number | null;
};

/** The signals of a check in a stretch of time and those that did not come, newest first, with what they add up to. */
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
  const [page, timing, missed] = await Promise.all([
    listEntries(db, place, { bounds, range, kinds, position: positionOf(cursor) }),
    loadTiming(db, place, bounds),
    countMisses(db, place, range),
  ]);
  const within = historyWithin(changes, range);
  return { signals: bounds.end - bounds.first, missed, page, timing, uptime: uptime(within.history, within.windowMs) };
}

/** Before which number of a signal, and which moment of a missed one, a page begins. */
type Position = { n: number; missedMs: number };
const START: Position = { n: 999_999_999_999_999, missedMs: 999_999_999_999_999 };

/** A cursor is the number of the last signal that was shown and the moment of the last missed one; an address cut short begins anew. */
function positionOf(cursor: string | undefined): Position {
  const [, n, missedMs] = /^(\d{1,15})(?:-(\d{1,15}))?$/.exec(cursor ?? "") ?? [];
  return n === undefined ? START : { n: Number(n), missedMs: Number(missedMs ?? START.missedMs) };
}

const cursorOf = (n: number, missedMs: number): string => (missedMs >= START.missedMs ? `${n}` : `${n}-${missedMs}`);

type Wanted = { bounds: Bounds; range: Range; kinds: HistoryKind[]; position: Position };

/** What a page needs of the signals, and how far back they were looked through: to which number, and to which moment. */
type Looked = { pings: PingEntry[]; first: number; from: number | null; isPart: boolean };

async function lookThrough(db: Db, place: Place, { bounds, range, kinds, position }: Wanted): Promise<Looked> {
  const { signals } = wantedOf(kinds);
  const end = Math.min(bounds.end, position.n);
  const first = signals === null ? bounds.first : Math.max(bounds.first, end - LOOKED_THROUGH);
  const pings = await listSignals(db, place, { first, end, kinds: signals });
  const isPart = signals?.length !== 0 && first > bounds.first && pings.length <= ENTRIES_A_PAGE;
  return { pings, first, from: isPart ? await momentOf(db, place, first) : range.from, isPart };
}

/** Both have a key of their own in the order of time, so a page reads no more of either than it may show. */
async function listEntries(db: Db, place: Place, wanted: Wanted): Promise<Page<HistoryEntry>> {
  const { bounds, position, range } = wanted;
  const { pings, first, from, isPart } = await lookThrough(db, place, wanted);
  const to = Math.min(range.to ?? START.missedMs, position.missedMs);
  const misses = wantedOf(wanted.kinds).missed
    ? await listMisses(db, place, { range: { from, to }, order: "DESC", limit: ENTRIES_A_PAGE + 1 })
    : [];
  const start: LogPosition = [Math.min(bounds.end, position.n), 0, position.missedMs];
  const merged = mergeLog({ pings, flips: [], misses: misses.map(toMiss) }, start);
  const shown = merged.slice(0, ENTRIES_A_PAGE);
  const [n, , missedMs] = shown.at(-1)?.behind ?? start;
  const hasMore = merged.length > ENTRIES_A_PAGE;
  return {
    items: shown.flatMap(({ entry }) => (entry.type === "flip" ? [] : [entry])),
    nextCursor: hasMore || isPart ? cursorOf(hasMore ? n : first, missedMs) : null,
  };
}

const toMiss = (ms: number): MissEntry => ({ type: "miss", at: new Date(ms).toISOString() });

/** When the signals from this number on begin. */
async function momentOf(db: Db, { projectId, checkId }: Place, n: number): Promise<number | null> {
  const found = await db.query<{ created_at: Date }>(
    "SELECT created_at FROM pings WHERE project_id = $1 AND check_id = $2 AND n >= $3 ORDER BY n LIMIT 1",
    [projectId, checkId, n],
  );
  return found.rows[0]?.created_at.getTime() ?? null;
}

type PingRow = Omit<PingEntry, "type" | "at"> & { created_at: Date };

async function listSignals(
  db: Db,
  { projectId, checkId }: Place,
  { first, end, kinds }: Bounds & { kinds: PingKind[] | null },
): Promise<PingEntry[]> {
  if (kinds?.length === 0) return [];
  const found = await db.query<PingRow>(
    `SELECT n, kind, created_at, host(remote_addr) AS remote_addr, method, user_agent, duration_ms, exit_status,
            rid, source, details, coalesce(octet_length(body), 0) AS body_bytes
       FROM pings WHERE project_id = $1 AND check_id = $2 AND n >= $3 AND n < $4
        AND ($5::ping_kind[] IS NULL OR kind = ANY ($5)) ORDER BY n DESC LIMIT ${ENTRIES_A_PAGE + 1}`,
    [projectId, checkId, first, end, kinds],
  );
  return found.rows.map(
    ({ created_at, ...ping }): PingEntry => ({ type: "ping", at: created_at.toISOString(), ...ping }),
  );
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
