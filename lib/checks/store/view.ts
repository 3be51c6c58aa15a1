import type { OutOfBounds } from "@/lib/checks/metrics/metric";
import type { OpenRun } from "@/lib/checks/open-runs";
import type { DownReason } from "@/lib/checks/present";
import { rulesOf } from "@/lib/checks/rules";
import type { CheckState, FlipReason, Status } from "@/lib/checks/state";
import type { Db } from "@/lib/db/pool";
import { type CheckFields, fieldsOf, SELECT_FIELDS, scheduleOf } from "./fields";

/** A check as people see it: what they set, what it is doing, and the database's clock at that moment. */
export type CheckView = {
  id: string;
  heartbeatToken: string;
  hookId: string;
  projectId: string;
  fields: CheckFields;
  state: CheckState;
  nPings: number;
  /** Epoch milliseconds at which the status became what it is. */
  statusSince: number;
  /** Of a check that is down. */
  downReason: DownReason | null;
  /** Epoch milliseconds until which its alerts are sent to nobody; null when they are sent. */
  mutedUntil: number | null;
  /** Ids of its channels, sorted. */
  channels: string[];
  /** Epoch milliseconds of the database's clock when it was read. */
  seenAt: number;
};

type Row = CheckFields & {
  id: string;
  heartbeat_token: string;
  process_hook_id: string;
  project_id: string;
  status: Status;
  last_ping_at: Date | null;
  last_duration_ms: number | null;
  n_pings: number;
  due_at: Date | null;
  late_at: Date | null;
  status_since: Date;
  down_reason: FlipReason | null;
  exit_status: number | null;
  out_of_bounds: OutOfBounds[] | null;
  muted_until: Date | null;
  now: Date;
};
type RunRow = { id: string; check_id: string; rid: string | null; started_at: Date; due_at: Date | null };

/** The same as `lateAt` of the machine says, in SQL. */
export const LATE_AT = "coalesce(late_at, due_at - make_interval(secs => grace_seconds))";

const COLUMNS = `id, heartbeat_token, process_hook_id, project_id, ${SELECT_FIELDS},
  status, last_ping_at, last_duration_ms, n_pings, due_at, late_at, status_since,
  CASE WHEN status = 'down' THEN (SELECT reason FROM flips
    WHERE flips.project_id = checks.project_id AND check_id = checks.id AND seq = flip_seq) END AS down_reason,
  CASE WHEN status = 'down' THEN (SELECT exit_status FROM pings
    WHERE pings.project_id = checks.project_id AND check_id = checks.id AND n = n_pings AND kind = 'fail') END AS exit_status,
  CASE WHEN status = 'down' AND metrics IS NOT NULL THEN (SELECT details -> 'out_of_bounds' FROM pings
    WHERE pings.project_id = checks.project_id AND check_id = checks.id AND n = n_pings AND kind = 'fail') END AS out_of_bounds,
  CASE WHEN muted_until > clock_timestamp() THEN muted_until END AS muted_until, clock_timestamp() AS now`;

const epoch = (date: Date | null): number | null => date?.getTime() ?? null;

function toState(row: Row, openRuns: OpenRun[]): CheckState {
  return {
    status: row.status,
    schedule: scheduleOf(row),
    graceMs: row.graceSeconds * 1000,
    rules: rulesOf(row),
    lastPingAt: epoch(row.last_ping_at),
    lastDurationMs: row.last_duration_ms,
    dueAt: epoch(row.due_at),
    lateAt: epoch(row.late_at),
    // Only what moves a check needs it.
    progress: null,
    openRuns,
    endedNames: [],
    missed: null,
  };
}

function reasonOf({
  down_reason: reason,
  exit_status: exitStatus,
  out_of_bounds: outOfBounds,
}: Row): DownReason | null {
  return reason === null ? null : { reason, exitStatus, outOfBounds };
}

const toRun = (run: RunRow): OpenRun => ({
  id: run.id,
  rid: run.rid,
  startedAt: run.started_at.getTime(),
  dueAt: epoch(run.due_at),
});

/** Which checks to read: a condition on the table `checks`, with its values from `$1` on. */
export type CheckCondition = { where: string; values: unknown[] };

/** Reads checks, oldest first, with their open runs and channels: three statements, however many there are. */
export async function loadViews(db: Db, { where, values }: CheckCondition): Promise<CheckView[]> {
  const found = await db.query<Row>(`SELECT ${COLUMNS} FROM checks WHERE ${where} ORDER BY created_at, id`, values);
  if (found.rows.length === 0) return [];
  const ids = found.rows.map((row) => row.id);
  const runs = await openRuns(db, ids);
  const channels = await channelIds(db, [...new Set(found.rows.map((row) => row.project_id))], ids);
  return found.rows.map((row) => ({
    id: row.id,
    heartbeatToken: row.heartbeat_token,
    hookId: row.process_hook_id,
    projectId: row.project_id,
    fields: fieldsOf(row),
    state: toState(row, (runs.get(row.id) ?? []).map(toRun)),
    nPings: row.n_pings,
    statusSince: row.status_since.getTime(),
    downReason: reasonOf(row),
    mutedUntil: epoch(row.muted_until),
    channels: channels.get(row.id) ?? [],
    seenAt: row.now.getTime(),
  }));
}

async function openRuns(db: Db, checkIds: string[]): Promise<Map<string, RunRow[]>> {
  const found = await db.query<RunRow>(
    `SELECT id, check_id, rid, started_at, due_at FROM runs
      WHERE check_id = ANY ($1::uuid[]) AND ended_at IS NULL ORDER BY started_at, id`,
    [checkIds],
  );
  const byCheck = new Map<string, RunRow[]>();
  for (const run of found.rows) byCheck.set(run.check_id, [...(byCheck.get(run.check_id) ?? []), run]);
  return byCheck;
}

async function channelIds(db: Db, projectIds: string[], checkIds: string[]): Promise<Map<string, string[]>> {
  const found = await db.query<{ check_id: string; ids: string[] }>(
    `SELECT check_id, array_agg(channel_id::text ORDER BY channel_id) AS ids FROM check_channels
      WHERE project_id = ANY ($1::uuid[]) AND check_id = ANY ($2::uuid[]) GROUP BY check_id`,
    [projectIds, checkIds],
  );
  return new Map(found.rows.map((row) => [row.check_id, row.ids]));
}
