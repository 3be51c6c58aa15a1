import { type Caller, requireScope } from "@/lib/auth/caller";
import { getCheck } from "@/lib/checks/queries";
import type { PingKind } from "@/lib/checks/state";
import { type Db, pool } from "@/lib/db/pool";
import type { Details } from "@/lib/ingest/signal";
import { type Bounds, boundsOf, type Place } from "./bounds";
import { type HistoryKind, type Range, wantedOf } from "./choices";
import { type ExportedRow, exportName, exportText, exportType, missedRow } from "./export";
import { listMisses } from "./miss-queries";
import type { HistoryExport } from "./schema";

/** Signals that are read at once; what a download holds in memory. */
const EXPORT_PAGE = 1000;

/** A file on its way: pieces of its text. */
export type Download = { type: string; name: string; pieces: AsyncGenerator<string> };

/** As the driver gives them without names: the columns of `LOAD` in their order. */
type Row = [
  n: number,
  atMs: number,
  kind: PingKind,
  source: string,
  runId: string | null,
  exitStatus: number | null,
  durationMs: number | null,
  details: Details | null,
  remoteAddr: string | null,
  method: string,
  userAgent: string,
];

// The time as a number, because a date costs the driver as much as the rest of a row.
const LOAD = `SELECT n, date_part('epoch', created_at) * 1000, kind, source, rid, exit_status, duration_ms, details, host(remote_addr), method, user_agent
  FROM pings WHERE project_id = $1 AND check_id = $2 AND n >= $3 AND n < $4
   AND ($5::ping_kind[] IS NULL OR kind = ANY ($5)) ORDER BY n LIMIT ${EXPORT_PAGE}`;

/** Whole milliseconds of a time the database knows more exactly; half a thousandth is the arithmetic's. */
const isoOf = (ms: number): string => new Date(Math.floor(ms + 0.0005)).toISOString();

function toExported(row: Row): ExportedRow {
  const [n, atMs, kind, source, run_id, exit_status, duration_ms, details, remote_addr, method, user_agent] = row;
  return {
    n,
    at: isoOf(atMs),
    kind,
    source,
    run_id,
    exit_status,
    duration_ms,
    reported_duration_ms: details?.reported_duration_ms ?? null,
    status_text: details?.status_text ?? null,
    message: details?.message ?? null,
    metadata: details?.metadata ?? null,
    remote_addr,
    method,
    user_agent,
  };
}

async function loadSignals(
  db: Db,
  { projectId, checkId }: Place,
  { first, end, kinds }: Bounds & { kinds: PingKind[] | null },
): Promise<ExportedRow[]> {
  const values = [projectId, checkId, first, end, kinds];
  const found = await db.query<Row>({ text: LOAD, values, rowMode: "array" });
  return found.rows.map(toExported);
}

/**
 * The pages of a list, each loaded from behind the last item of the one before: no connection is held while a page is on
 * its way. The next page is read meanwhile, and no more than that.
 */
async function* pagesOf<T>(load: (after: T | null) => Promise<T[]>): AsyncGenerator<T[]> {
  let coming: Promise<T[]> | null = load(null);
  while (coming !== null) {
    const page: T[] = await coming;
    const last = page.at(-1);
    coming = page.length < EXPORT_PAGE || last === undefined ? null : load(last);
    // Its failure matters only to whoever still wants the page.
    coming?.catch(() => undefined);
    if (page.length > 0) yield page;
  }
}

/** Behind every moment there is. */
const END_OF_TIME = "~";

type Wanted = { bounds: Bounds; range: Range; kinds: HistoryKind[] };

function signalPages(db: Db, place: Place, { bounds, kinds }: Wanted): AsyncGenerator<ExportedRow[]> {
  const { signals } = wantedOf(kinds);
  return pagesOf(async (after: ExportedRow | null) => {
    if (signals?.length === 0) return [];
    const first = after?.n === undefined || after.n === null ? bounds.first : after.n + 1;
    return loadSignals(db, place, { first, end: bounds.end, kinds: signals });
  });
}

/** The missed signals of a stretch of time, oldest first, some of them in memory. */
class Misses {
  readonly #load: (from: number | null) => Promise<number[]>;
  #from: number | null;
  #rows: ExportedRow[] = [];
  #isLast: boolean;

  constructor(db: Db, place: Place, { range, kinds }: Wanted) {
    this.#load = (from) => listMisses(db, place, { range: { from, to: range.to }, order: "ASC", limit: EXPORT_PAGE });
    this.#from = range.from;
    this.#isLast = !wantedOf(kinds).missed;
  }

  /** Takes what was missed by a moment: all of it, or the first part. */
  async take(until: string): Promise<{ rows: ExportedRow[]; isAll: boolean }> {
    if (this.#rows.length === 0 && !this.#isLast) await this.#fill();
    // ISO 8601 in one time zone: the order of text is that of time.
    const later = this.#rows.findIndex(({ at }) => at > until);
    const rows = this.#rows.splice(0, later === -1 ? this.#rows.length : later);
    return { rows, isAll: this.#isLast || later !== -1 };
  }

  async #fill(): Promise<void> {
    const found = await this.#load(this.#from);
    this.#rows = found.map((ms) => missedRow(isoOf(ms)));
    this.#isLast = found.length < EXPORT_PAGE;
    this.#from = (found.at(-1) ?? 0) + 1;
  }
}

/** Rows of two lists as one, each in the order of time; at the same moment the second list comes first. */
function merged(rows: ExportedRow[], others: ExportedRow[]): ExportedRow[] {
  if (others.length === 0) return rows;
  let next = 0;
  const all: ExportedRow[] = [];
  for (const row of rows) {
    for (let other = others[next]; other !== undefined && other.at <= row.at; other = others[next]) {
      all.push(other);
      next += 1;
    }
    all.push(row);
  }
  return [...all, ...others.slice(next)];
}

/** A page of signals with what was missed before each of them. */
async function* withMisses(page: ExportedRow[], misses: Misses): AsyncGenerator<ExportedRow[]> {
  while (page.length > 0) {
    const { rows, isAll } = await misses.take(page.at(-1)?.at ?? "");
    const later = isAll ? -1 : page.findIndex(({ at }) => at > (rows.at(-1)?.at ?? ""));
    yield merged(page.splice(0, later === -1 ? page.length : later), rows);
  }
}

/** Signals and missed ones within a stretch of time, oldest first, some at a time. */
async function* exportPages(db: Db, place: Place, wanted: Wanted): AsyncGenerator<ExportedRow[]> {
  const misses = new Misses(db, place, wanted);
  for await (const page of signalPages(db, place, wanted)) yield* withMisses(page, misses);
  for (let isAll = false; !isAll; ) {
    const left = await misses.take(END_OF_TIME);
    if (left.rows.length > 0) yield left.rows;
    isAll = left.isAll;
  }
}

/** A part of a check's history as a file. What comes in while it is read is left out. */
export async function exportHistory(
  caller: Caller,
  { checkId, format, kinds, from, to }: HistoryExport & { checkId: string },
  db: Db = pool(),
): Promise<Download> {
  requireScope(caller, "read");
  const { id, fields } = await getCheck(caller, checkId, db);
  const place = { projectId: caller.projectId, checkId: id };
  const range = { from: from ?? null, to: to ?? null };
  const bounds = await boundsOf(db, place, range);
  return {
    type: exportType(format),
    name: exportName(fields, range, format),
    pieces: exportText(format, exportPages(db, place, { bounds, range, kinds })),
  };
}
