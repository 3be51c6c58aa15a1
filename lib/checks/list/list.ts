import { type Caller, requireScope } from "@/lib/auth/caller";
import { displayName, type ShownStatus } from "@/lib/checks/present";
import { LATE_AT, loadViews } from "@/lib/checks/store/view";
import { decodeCursor, type Page, toPage } from "@/lib/core/cursor";
import { isUuid } from "@/lib/core/ids";
import { type Db, pool } from "@/lib/db/pool";
import { type DayOfFlips, type DayState, dailyStates } from "./daily";
import type { ListFilter } from "./filter";
import { type CheckSummary, toSummary } from "./summary";

export const PAGE_SIZE = 50;
export const STRIP_DAYS = 30;
const MAX_TAGS = 200;
const MAX_FOUND = 10;

/** A check as a row of the list, with how it fared on each of the last days. */
export type CheckRow = CheckSummary & { days: DayState[] };

const OPEN_RUN = "SELECT FROM runs WHERE runs.check_id = checks.id AND ended_at IS NULL AND";

/** The same as `shownStatus` says; a test compares them. */
const SHOWN = `CASE
  WHEN status = 'down' OR due_at <= now() OR (max_run_seconds IS NULL AND EXISTS (${OPEN_RUN} due_at <= now())) THEN 'down'
  WHEN ${LATE_AT} <= now() THEN 'late'
  WHEN status IN ('up', 'new') AND EXISTS (${OPEN_RUN} due_at > now()) THEN 'running'
  ELSE status::text END`;

/** What a status needs of columns alone, so that runs are looked up for few checks. */
const NARROWED: Record<ShownStatus, string> = {
  down: "status <> 'paused'",
  late: `status = 'up' AND ${LATE_AT} <= now()`,
  running: "status IN ('up', 'new')",
  up: "status = 'up'",
  new: "status = 'new'",
  paused: "status = 'paused'",
};

/** Microseconds since 1970 and the id of the last check that was shown; null at the beginning, also for a foreign one. */
function position(cursor: string | undefined): [number, string] | null {
  const [at, id] = readCursor(cursor) ?? [];
  return typeof at === "number" && Number.isSafeInteger(at) && typeof id === "string" && isUuid(id) ? [at, id] : null;
}

function readCursor(cursor: string | undefined) {
  try {
    return decodeCursor(cursor, 2);
  } catch {
    return null; // an address that somebody shortened shows the first page
  }
}

type Position = { id: string; position: number; created_at: Date };

function pageStatement(projectId: string, { q, status, tag, cursor }: ListFilter): { text: string; values: unknown[] } {
  const values: unknown[] = [projectId];
  const conditions = ["project_id = $1"];
  const value = (given: unknown): string => `$${values.push(given)}`;
  const after = position(cursor);
  if (after !== null)
    conditions.push(
      `(created_at, id) < ('epoch'::timestamptz + ${value(after[0])}::float8 * interval '1 microsecond', ${value(after[1])}::uuid)`,
    );
  if (q !== "") {
    const text = `lower(${value(q)})`;
    conditions.push(`(strpos(lower(name), ${text}) > 0 OR strpos(slug, ${text}) > 0)`);
  }
  if (tag !== "") conditions.push(`string_to_array(tags, ' ') @> ARRAY[${value(tag)}]::text[]`);
  if (status !== null) conditions.push(`${NARROWED[status]} AND ${SHOWN} = ${value(status)}`);
  return {
    text: `SELECT id, created_at, (extract(epoch FROM created_at) * 1000000)::float8 AS position FROM checks
            WHERE ${conditions.join(" AND ")} ORDER BY created_at DESC, id DESC LIMIT ${PAGE_SIZE + 1}`,
    values,
  };
}

/** A page of the checks of the caller's project, newest first: five statements, however many checks there are. */
export async function listCheckRows(caller: Caller, filter: ListFilter, db: Db = pool()): Promise<Page<CheckRow>> {
  requireScope(caller, "read");
  const { text, values } = pageStatement(caller.projectId, filter);
  const found = await db.query<Position>(text, values);
  const page = toPage(found.rows, PAGE_SIZE, (row) => [row.position, row.id]);
  const ids = page.items.map((row) => row.id);
  if (ids.length === 0) return { items: [], nextCursor: null };
  const where = { where: "project_id = $1 AND id = ANY ($2::uuid[])", values: [caller.projectId, ids] };
  const views = new Map((await loadViews(db, where)).map((view) => [view.id, view]));
  const flips = await flipsByCheck(db, caller.projectId, ids);
  // One that was deleted between the statements is left out.
  const items = page.items.flatMap(({ id, created_at }): CheckRow[] => {
    const view = views.get(id);
    if (view === undefined) return [];
    const watched = { status: view.state.status, createdAt: created_at.getTime() };
    const days = dailyStates(watched, flips.get(id) ?? [], { now: view.seenAt, count: STRIP_DAYS });
    return [{ ...toSummary(view), days }];
  });
  return { items, nextCursor: page.nextCursor };
}

/** What happened on each of the last days, one row for a check and a day, however often it flapped. */
async function flipsByCheck(db: Db, projectId: string, ids: string[]): Promise<Map<string, DayOfFlips[]>> {
  const found = await db.query<DayOfFlips & { check_id: string }>(
    `SELECT check_id, floor(extract(epoch FROM at) / 86400)::int AS day,
            array_agg(DISTINCT to_status::text) AS reached,
            (array_agg(from_status::text ORDER BY seq))[1] AS began,
            (array_agg(to_status::text ORDER BY seq DESC))[1] AS ended
       FROM flips
      WHERE project_id = $1 AND check_id = ANY ($2::uuid[])
        AND at >= date_trunc('day', now(), 'UTC') - make_interval(days => ${STRIP_DAYS - 1})
      GROUP BY 1, 2 ORDER BY 1, 2`,
    [projectId, ids],
  );
  const byCheck = new Map<string, DayOfFlips[]>();
  for (const { check_id, ...day } of found.rows) byCheck.set(check_id, [...(byCheck.get(check_id) ?? []), day]);
  return byCheck;
}

/** The tags in use in the caller's project, in the order of the alphabet. */
export async function listTags(caller: Caller, db: Db = pool()): Promise<string[]> {
  requireScope(caller, "read");
  const found = await db.query<{ tag: string }>(
    `SELECT DISTINCT tag FROM checks, unnest(string_to_array(tags, ' ')) tag
      WHERE project_id = $1 AND tags <> '' AND tag <> '' ORDER BY tag LIMIT ${MAX_TAGS}`,
    [caller.projectId],
  );
  return found.rows.map((row) => row.tag);
}

export type FoundCheck = { id: string; name: string; slug: string };

/** The few checks of the caller's project whose name or slug holds the text, those that begin with it first. */
export async function searchChecks(caller: Caller, q: string, db: Db = pool()): Promise<FoundCheck[]> {
  requireScope(caller, "read");
  const text = q.replaceAll("\0", "").trim();
  if (text === "") return [];
  const found = await db.query<FoundCheck>(
    `SELECT id, name, slug FROM checks
      WHERE project_id = $1 AND (strpos(lower(name), lower($2)) > 0 OR strpos(slug, lower($2)) > 0)
      ORDER BY NOT starts_with(lower(name), lower($2)), name, id LIMIT ${MAX_FOUND}`,
    [caller.projectId, text],
  );
  return found.rows.map((check) => ({ ...check, name: displayName(check) }));
}
