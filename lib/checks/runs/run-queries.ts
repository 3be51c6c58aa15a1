import { type Caller, requireScope } from "@/lib/auth/caller";
import { timesOf } from "@/lib/checks/history/bounds";
import type { Range, RunStatus } from "@/lib/checks/history/choices";
import { requireCheck } from "@/lib/checks/queries";
import { decodeCursor, type Page, toPage } from "@/lib/core/cursor";
import { isUuid } from "@/lib/core/ids";
import { type Db, pool } from "@/lib/db/pool";
import { differenceOf, saidInAll } from "./difference";
import type { RunEntry, RunRate } from "./rate";
import { type Heard, loadSaid } from "./run-said";

const RUNS_A_PAGE = 50;
/** A year of a run each five minutes; more must not keep a reader waiting. */
const COUNTED = 100_000;

export type RunQuery = { checkId: string; range: Range; status?: RunStatus | undefined; cursor?: string | undefined };

type RunRow = Heard & { status: RunStatus; duration_ms: number | null; started_us: number };
type Asked = { values: unknown[]; range: string };

function ask(caller: Caller, { checkId, range }: RunQuery): Asked {
  return {
    values: [caller.projectId, checkId, ...timesOf(range)],
    range: "project_id = $1 AND check_id = $2 AND started_at >= $3 AND started_at < $4",
  };
}

/** The runs of a check in a stretch of time, newest first, with what they said and what was new about that. */
export async function listRuns(caller: Caller, query: RunQuery, db: Db = pool()): Promise<Page<RunEntry>> {
  requireScope(caller, "read");
  await requireCheck(caller, query.checkId, db);
  const rows = await loadRuns(db, ask(caller, query), query);
  const { items, nextCursor } = toPage(rows, RUNS_A_PAGE, (row) => [row.started_us, row.id]);
  const place = { projectId: caller.projectId, checkId: query.checkId };
  const before = await loadBefore(db, [caller.projectId, query.checkId], items);
  const heard = new Map([...items, ...before.values()].map((run) => [run.id, run]));
  const said = await loadSaid(db, place, [...heard.values()]);
  return {
    nextCursor,
    items: items.map((run) => {
      const { start = null, end = null } = said.get(run.id) ?? {};
      const earlier = said.get(before.get(run.id)?.id ?? "");
      return {
        id: run.id,
        run_id: run.rid,
        status: run.status,
        started_at: run.started_at.toISOString(),
        ended_at: run.ended_at?.toISOString() ?? null,
        duration_ms: run.duration_ms,
        start,
        end,
        difference:
          earlier === undefined
            ? null
            : differenceOf(saidInAll(earlier.start, earlier.end), saidInAll(start, end), run.ended_at !== null),
      };
    }),
  };
}

/** A cursor that is none of this list stands for its beginning. Dates here know milliseconds only, the database knows more. */
function positionOf(cursor: string | undefined): [startedUs: number, id: string] | null {
  try {
    const [at, id] = decodeCursor(cursor, 2) ?? [];
    return Number.isSafeInteger(at) && typeof at === "number" && typeof id === "string" && isUuid(id) ? [at, id] : null;
  } catch {
    return null;
  }
}

async function loadRuns(db: Db, { values, range }: Asked, { status, cursor }: RunQuery): Promise<RunRow[]> {
  const asked = [...values];
  const conditions = [range];
  const position = positionOf(cursor);
  if (status !== undefined) conditions.push(`status = $${asked.push(status)}`);
  if (position !== null) {
    const at = `timestamptz 'epoch' + $${asked.push(position[0])}::bigint * interval '1 microsecond'`;
    conditions.push(`(started_at, id) < (${at}, $${asked.push(position[1])})`);
  }
  const found = await db.query<RunRow>(
    `SELECT id, rid, status, started_at, ended_at, duration_ms, (extract(epoch FROM started_at) * 1000000)::bigint AS started_us
       FROM runs WHERE ${conditions.join(" AND ")}
      ORDER BY started_at DESC, id DESC LIMIT ${RUNS_A_PAGE + 1}`,
    asked,
  );
  return found.rows;
}

/** For each run the one that started before it, whatever became of it. */
async function loadBefore(db: Db, place: string[], runs: RunRow[]): Promise<Map<string, Heard>> {
  const found = await db.query<Heard & { of: string }>(
    `SELECT shown.id AS of, earlier.* FROM runs AS shown, LATERAL (
            SELECT id, rid, started_at, ended_at FROM runs
             WHERE project_id = $1 AND check_id = $2 AND (started_at, id) < (shown.started_at, shown.id)
             ORDER BY started_at DESC, id DESC LIMIT 1) AS earlier
      WHERE shown.project_id = $1 AND shown.id = ANY ($3::uuid[])`,
    [...place, runs.map(({ id }) => id)],
  );
  return new Map(found.rows.map(({ of, ...run }) => [of, run]));
}

/** How many of the runs in a stretch of time ended in which way; of very many those that started last. */
export async function countRuns(caller: Caller, query: RunQuery, db: Db = pool()): Promise<RunRate> {
  requireScope(caller, "read");
  await requireCheck(caller, query.checkId, db);
  const { values, range } = ask(caller, query);
  const found = await db.query<{ status: RunStatus; count: number }>(
    `SELECT status, count(*) FROM (SELECT status FROM runs WHERE ${range} ORDER BY started_at DESC LIMIT ${COUNTED}) AS newest
      GROUP BY status`,
    values,
  );
  return Object.fromEntries(found.rows.map(({ status, count }) => [status, count]));
}
