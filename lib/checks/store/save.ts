import { raiseAlerts } from "@/lib/alerts/raise";
import { resolveAlerts } from "@/lib/alerts/settle";
import type { EndedRun, OpenRun } from "@/lib/checks/open-runs";
import { type CheckState, type Flip, watchFrom } from "@/lib/checks/state";
import { iso } from "@/lib/core/time";
import { plainArray, textArray } from "@/lib/db/columns";
import type { Db } from "@/lib/db/pool";
import type { CheckChange, NewPing } from "./change";
import { savePoints } from "./points";
import { alertsOf, inOrder, settleTold, tellOver } from "./told";
import { saveCounts, saveMisses } from "./watched";

type RunRow = OpenRun & {
  projectId: string;
  checkId: string;
  status: string;
  endedAt: number | null;
  durationMs: number | null;
};
type FlipRow = Flip & { projectId: string; checkId: string; seq: number };

/** A change as it is written: the state it ends in, and its rows. */
type Outcome = {
  change: CheckChange;
  after: CheckState;
  statusSince: number;
  pings: NewPing[];
  flips: FlipRow[];
};

/**
 * Stores checks, pings, runs, flips, alerts and deliveries of one transaction. The checks must be locked in it. All
 * statements have been sent when it returns; it resolves when they have ended.
 */
export async function saveChanges(tx: Db, changes: CheckChange[]): Promise<void> {
  const outcomes = changes.map(outcomeOf);
  const flipped = outcomes.filter((outcome) => outcome.flips.length > 0);
  const alerts = inOrder(changes.filter(tellsAnything).flatMap(alertsOf));
  await Promise.all([
    saveChecksAndPings(tx, outcomes),
    saveRuns(tx, changes.flatMap(runRows)),
    saveFlips(
      tx,
      flipped.flatMap((outcome) => outcome.flips),
    ),
    saveMisses(tx, changes),
    saveCounts(tx, changes),
    savePoints(tx, changes),
    resolveAlerts(tx, "check.down", flipped.flatMap(recovery)),
    settleTold(tx, changes),
    raiseAlerts(tx, alerts),
    tellOver(tx, alerts),
  ]);
}

/** Nearly no signal does. */
function tellsAnything({ steps }: CheckChange): boolean {
  return steps.some(({ transition }) => transition.flip !== null || transition.notices.length > 0);
}

function outcomeOf(change: CheckChange): Outcome {
  const { before, steps } = change;
  const pings: NewPing[] = [];
  const flips: FlipRow[] = [];
  for (const { transition, ping } of steps) {
    if (ping !== null) pings.push(ping);
    if (transition.flip === null) continue;
    const seq = before.flipSeq + flips.length + 1;
    flips.push({ ...transition.flip, projectId: before.projectId, checkId: before.id, seq });
  }
  const after = steps.at(-1)?.transition.next ?? before;
  return { change, after, statusSince: flips.at(-1)?.at ?? before.statusSince, pings, flips };
}

async function saveChecksAndPings(tx: Db, outcomes: Outcome[]): Promise<void> {
  await tx.query({
    name: "save-checks-and-pings",
    text: `WITH saved AS (
             UPDATE checks SET status = c.status::check_status, status_since = to_timestamp(c.status_since / 1000),
                    last_ping_at = to_timestamp(c.last_ping_at / 1000), last_duration_ms = c.last_duration_ms,
                    due_at = to_timestamp(c.due_at / 1000), late_at = to_timestamp(c.late_at / 1000), n_pings = c.n_pings, flip_seq = c.flip_seq,
                    watch_at = CASE WHEN c.watched THEN to_timestamp(c.watch_at / 1000)
                                    ELSE least(checks.watch_at, to_timestamp(c.watch_at / 1000)) END
               FROM unnest($1::uuid[], $2::text[], $3::float8[], $4::float8[], $5::bigint[], $6::float8[], $7::bigint[], $8::int[], $9::bool[], $10::float8[], $11::float8[])
                 AS c (id, status, status_since, last_ping_at, last_duration_ms, due_at, n_pings, flip_seq, watched, watch_at, late_at)
              WHERE checks.id = c.id)
           INSERT INTO pings (project_id, check_id, n, kind, source, created_at, scheme, remote_addr, method, user_agent, rid, exit_status, duration_ms, details, body)
           SELECT project_id, check_id, n, kind::ping_kind, source, to_timestamp(created_at / 1000), scheme, remote_addr, method, user_agent, rid, exit_status, duration_ms, details, body
             FROM unnest($12::uuid[], $13::uuid[], $14::bigint[], $15::text[], $16::text[], $17::float8[], $18::text[], $19::inet[], $20::text[], $21::text[], $22::text[], $23::smallint[], $24::bigint[], $25::jsonb[], $26::bytea[])
               AS p (project_id, check_id, n, kind, source, created_at, scheme, remote_addr, method, user_agent, rid, exit_status, duration_ms, details, body)`,
    values: [...checkColumns(outcomes), ...pingColumns(outcomes)],
  });
}

function checkColumns(outcomes: Outcome[]): string[] {
  const states = outcomes.map((outcome) => outcome.after);
  return [
    plainArray(outcomes.map((outcome) => outcome.change.before.id)),
    plainArray(states.map((state) => state.status)),
    plainArray(outcomes.map((outcome) => outcome.statusSince)),
    plainArray(states.map((state) => state.lastPingAt)),
    plainArray(states.map((state) => state.lastDurationMs)),
    plainArray(states.map((state) => state.dueAt)),
    plainArray(outcomes.map(({ change, pings }) => change.before.nPings + pings.length)),
    plainArray(outcomes.map(({ change, flips }) => change.before.flipSeq + flips.length)),
    plainArray(outcomes.map(({ change }) => change.watchAt !== undefined)),
    plainArray(outcomes.map(({ change, after }) => change.watchAt ?? watchFrom(after))),
    plainArray(states.map((state) => state.lateAt)),
  ];
}

function pingColumns(outcomes: Outcome[]): unknown[] {
  const pings = outcomes.flatMap((outcome) => outcome.pings);
  const checks = outcomes.flatMap(({ change: { before }, pings: own }) =>
    own.map((_, index) => ({ before, n: before.nPings + index + 1 })),
  );
  return [
    plainArray(checks.map((check) => check.before.projectId)),
    plainArray(checks.map((check) => check.before.id)),
    plainArray(checks.map((check) => check.n)),
    plainArray(pings.map((ping) => ping.kind)),
    plainArray(pings.map((ping) => ping.source)),
    plainArray(pings.map((ping) => ping.createdAt)),
    plainArray(pings.map((ping) => ping.scheme)),
    plainArray(pings.map((ping) => ping.remoteAddr)),
    plainArray(pings.map((ping) => ping.method)),
    pings.map((ping) => ping.userAgent),
    textArray(pings.map((ping) => ping.rid)),
    plainArray(pings.map((ping) => ping.exitStatus)),
    plainArray(pings.map((ping) => ping.durationMs)),
    textArray(pings.map((ping) => (ping.details === null ? null : JSON.stringify(ping.details)))),
    pings.map((ping) => ping.body),
  ];
}

/** The runs under way whose deadline an edit moved. */
function movedRuns(change: CheckChange): OpenRun[] {
  const dueBefore = new Map(change.before.openRuns.map((run) => [run.id, run.dueAt]));
  const open = change.steps.at(-1)?.transition.next.openRuns ?? [];
  return open.filter((run) => dueBefore.has(run.id) && dueBefore.get(run.id) !== run.dueAt);
}

function runRows(change: CheckChange): RunRow[] {
  const startsNone = change.steps.every((step) => step.transition.startedRun === null);
  if (startsNone && change.before.openRuns.length === 0) return [];
  const base = { projectId: change.before.projectId, checkId: change.before.id };
  const rows = new Map<string, RunRow>();
  const open = (run: OpenRun, status: string) =>
    rows.set(run.id, { ...run, ...base, status, endedAt: null, durationMs: null });
  const close = ({ run, status, endedAt, durationMs }: EndedRun) =>
    rows.set(run.id, { ...run, ...base, dueAt: null, status, endedAt, durationMs });
  for (const run of movedRuns(change)) open(run, "running");
  for (const { transition } of change.steps) {
    if (transition.startedRun !== null) open(transition.startedRun, "running");
    for (const run of transition.timedOutRuns) open({ ...run, dueAt: null }, "timed_out");
    transition.endedRuns.forEach(close);
  }
  return [...rows.values()];
}

async function saveRuns(tx: Db, runs: RunRow[]): Promise<void> {
  if (runs.length === 0) return;
  await tx.query({
    name: "save-runs",
    text: `INSERT INTO runs (id, project_id, check_id, rid, status, started_at, ended_at, duration_ms, due_at)
           SELECT id, project_id, check_id, rid, status::run_status, started_at, ended_at, duration_ms, due_at
             FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::timestamptz[], $7::timestamptz[], $8::bigint[], $9::timestamptz[])
               AS r (id, project_id, check_id, rid, status, started_at, ended_at, duration_ms, due_at)
           ON CONFLICT (id) DO UPDATE
             SET status = excluded.status, ended_at = excluded.ended_at, duration_ms = excluded.duration_ms, due_at = excluded.due_at`,
    values: [
      runs.map((run) => run.id),
      runs.map((run) => run.projectId),
      runs.map((run) => run.checkId),
      runs.map((run) => run.rid),
      runs.map((run) => run.status),
      runs.map((run) => iso(run.startedAt)),
      runs.map((run) => iso(run.endedAt)),
      runs.map((run) => run.durationMs),
      runs.map((run) => iso(run.dueAt)),
    ],
  });
}

async function saveFlips(tx: Db, flips: FlipRow[]): Promise<void> {
  if (flips.length === 0) return;
  await tx.query({
    name: "save-flips",
    text: `INSERT INTO flips (project_id, check_id, seq, from_status, to_status, reason, at)
           SELECT project_id, check_id, seq, from_status::check_status, to_status::check_status, reason, at
             FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::text[], $5::text[], $6::text[], $7::timestamptz[])
               AS f (project_id, check_id, seq, from_status, to_status, reason, at)`,
    values: [
      flips.map((flip) => flip.projectId),
      flips.map((flip) => flip.checkId),
      flips.map((flip) => flip.seq),
      flips.map((flip) => flip.from),
      flips.map((flip) => flip.to),
      flips.map((flip) => flip.reason),
      flips.map((flip) => iso(flip.at)),
    ],
  });
}

/** The moment a check that was down before this transaction stopped being so. */
function recovery({ flips }: Outcome): { subjectId: string; at: number }[] {
  const [first] = flips;
  return first?.from === "down" ? [{ subjectId: first.checkId, at: first.at }] : [];
}
