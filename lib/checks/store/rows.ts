import type { AlertedCheck } from "@/lib/checks/alert";
import type { Filters } from "@/lib/checks/classify";
import type { MetricSetting } from "@/lib/checks/metrics/metric";
import type { Status } from "@/lib/checks/state";
import type { Db } from "@/lib/db/pool";
import { type AskedRow, askedOf, SELECT_ASKED } from "./asked";
import { scheduleOf } from "./fields";

/** A check as its transaction sees it, locked. Times are epoch milliseconds. */
export type LockedCheck = AlertedCheck & {
  hookId: string;
  nPings: number;
  flipSeq: number;
  filters: Filters;
  /** The numbers it looks for; null without any. */
  metrics: MetricSetting[] | null;
  /** Whether some channel of it wants to hear that it is late; known only to those who look at it because of the time. */
  wantsLate: boolean;
};

type CheckRow = {
  id: string;
  process_hook_id: string;
  project_id: string;
  name: string;
  slug: string;
  tags: string;
  timeout_seconds: number | null;
  schedule: string | null;
  time_zone: string;
  grace_seconds: number;
  asked: AskedRow;
  status: Status;
  status_since: number;
  last_ping_at: number | null;
  last_duration_ms: number | null;
  n_pings: number;
  flip_seq: number;
  due_at: number | null;
  late_at: number | null;
  now: number;
  wants_late?: boolean;
};

type RunRow = { id: string; check_id: string; rid: string | null; started_at: number; due_at: number | null };

// Times as milliseconds in float8, which cost the driver nothing to read.
const MS = (column: string): string => `date_part('epoch', ${column}) * 1000`;

const COLUMNS = `id, process_hook_id, project_id, name, slug, tags, timeout_seconds, schedule, time_zone, grace_seconds, status,
  last_duration_ms, n_pings, flip_seq, ${MS("status_since")} AS status_since, ${MS("last_ping_at")} AS last_ping_at,
  ${MS("due_at")} AS due_at, ${MS("late_at")} AS late_at, ${MS("clock_timestamp()")} AS now, ${SELECT_ASKED}`;

const WANTS_LATE = `EXISTS (SELECT FROM check_channels cc JOIN channels c ON c.project_id = cc.project_id AND c.id = cc.channel_id
  WHERE cc.project_id = checks.project_id AND cc.check_id = checks.id AND c.enabled AND 'check.late' = ANY (c.events)) AS wants_late`;

/** Whole milliseconds: what lies below them is not ours but the arithmetic's. */
const whole = (ms: number | null): number | null => (ms === null ? null : Math.round(ms));

function toCheck(row: CheckRow): LockedCheck {
  const { filters, rules, metrics, progress, missed } = askedOf(row.asked);
  return {
    id: row.id,
    hookId: row.process_hook_id,
    projectId: row.project_id,
    name: row.name,
    slug: row.slug,
    tags: row.tags,
    status: row.status,
    statusSince: Math.round(row.status_since),
    schedule: scheduleOf({ timeoutSeconds: row.timeout_seconds, schedule: row.schedule, timeZone: row.time_zone }),
    graceMs: row.grace_seconds * 1000,
    rules,
    lastPingAt: whole(row.last_ping_at),
    lastDurationMs: row.last_duration_ms,
    dueAt: whole(row.due_at),
    lateAt: whole(row.late_at),
    progress,
    openRuns: [],
    endedNames: [],
    missed,
    wantsLate: row.wants_late === true,
    nPings: row.n_pings,
    flipSeq: row.flip_seq,
    filters,
    metrics,
  };
}

export type Locked = {
  checks: Map<string, LockedCheck>;
  /** The database's clock after the last lock was granted, and never before the newest signal of these checks. */
  now: number;
};

/** Locks checks in id order, with their open runs. Ids that do not exist are absent from the answer. */
export async function lockChecks(tx: Db, ids: string[]): Promise<Locked> {
  if (ids.length === 0) return { checks: new Map(), now: 0 };
  const locked = tx.query<CheckRow>({
    name: "lock-checks",
    text: `SELECT ${COLUMNS} FROM checks WHERE id = ANY ($1::uuid[]) ORDER BY id FOR NO KEY UPDATE`,
    values: [ids],
  });
  // The second statement leaves with the first and begins when all locks are held, with a snapshot of its own.
  const [{ rows }, open] = await Promise.all([locked, openRunsOf(tx, ids)]);
  return toLocked(rows, open);
}

/**
 * Locks up to `limit` checks that are to be looked at because their deadline, or that of one of their runs, may have
 * passed, and that no one else holds.
 */
export async function lockDueChecks(tx: Db, limit: number): Promise<Locked> {
  const silentChecks = tx.query<CheckRow>({
    name: "lock-silent-checks",
    text: `SELECT ${COLUMNS}, ${WANTS_LATE} FROM checks WHERE watch_at <= now() ORDER BY watch_at LIMIT $1 FOR NO KEY UPDATE SKIP LOCKED`,
    values: [limit],
  });
  // An array and not IN: a join would read every check when many runs are overdue.
  const overrunChecks = tx.query<CheckRow>({
    name: "lock-overrun-checks",
    text: `SELECT ${COLUMNS}, ${WANTS_LATE} FROM checks
            WHERE id = ANY (ARRAY(SELECT check_id FROM runs WHERE due_at <= now() ORDER BY due_at LIMIT $1))
              FOR NO KEY UPDATE SKIP LOCKED`,
    values: [limit],
  });
  const [silent, overrun] = await Promise.all([silentChecks, overrunChecks]);
  const rows = [...silent.rows, ...overrun.rows];
  const ids = new Set(rows.map((row) => row.id));
  return toLocked(rows, ids.size === 0 ? [] : await openRunsOf(tx, [...ids]));
}

function toLocked(rows: CheckRow[], open: RunRow[]): Locked {
  const checks = new Map(rows.map((row) => [row.id, toCheck(row)]));
  for (const run of open) {
    const openRun = { id: run.id, rid: run.rid, startedAt: Math.round(run.started_at), dueAt: whole(run.due_at) };
    checks.get(run.check_id)?.openRuns.push(openRun);
  }
  let now = 0;
  for (const row of rows) now = Math.max(now, row.now, row.last_ping_at ?? 0);
  return { checks, now: Math.round(now) };
}

async function openRunsOf(tx: Db, checkIds: string[]): Promise<RunRow[]> {
  const found = await tx.query<RunRow>({
    name: "open-runs",
    text: `SELECT id, check_id, rid, ${MS("started_at")} AS started_at, ${MS("due_at")} AS due_at FROM runs
            WHERE check_id = ANY ($1::uuid[]) AND ended_at IS NULL ORDER BY runs.started_at, id`,
    values: [checkIds],
  });
  return found.rows;
}
