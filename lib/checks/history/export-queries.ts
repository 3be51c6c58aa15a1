import { type Caller, requireScope } from "@/lib/auth/caller";
import { getCheck } from "@/lib/checks/queries";
import type { PingKind } from "@/lib/checks/state";
import { type Db, pool } from "@/lib/db/pool";
import type { Details } from "@/lib/ingest/signal";
import { type Bounds, boundsOf, type Place } from "./bounds";
import { type ExportedSignal, exportName, exportText, exportType } from "./export";
import type { HistoryExport } from "./schema";

/** Signals that are read at once; what a download holds in memory. */
const EXPORT_PAGE = 1000;

/** A file on its way: pieces of its text. */
export type Download = { type: string; name: string; pieces: AsyncGenerator<string> };

type Row = Omit<ExportedSignal, "at" | "reported_duration_ms" | "status_text" | "message" | "metadata"> & {
  created_at: Date;
  details: Details | null;
};

const toExported = ({ created_at, details, ...row }: Row): ExportedSignal => ({
  n: row.n,
  at: created_at.toISOString(),
  kind: row.kind,
  source: row.source,
  run_id: row.run_id,
  exit_status: row.exit_status,
  duration_ms: row.duration_ms,
  reported_duration_ms: details?.reported_duration_ms ?? null,
  status_text: details?.status_text ?? null,
  message: details?.message ?? null,
  metadata: details?.metadata ?? null,
  remote_addr: row.remote_addr,
  method: row.method,
  user_agent: row.user_agent,
});

type Wanted = Bounds & { kinds: PingKind[] };

async function loadPage(
  db: Db,
  { projectId, checkId }: Place,
  { first, end, kinds }: Wanted,
): Promise<ExportedSignal[]> {
  const found = await db.query<Row>(
    `SELECT n, created_at, kind, source, rid AS run_id, exit_status, duration_ms, details, host(remote_addr) AS remote_addr,
            method, user_agent
       FROM pings WHERE project_id = $1 AND check_id = $2 AND n >= $3 AND n < $4
        AND ($5::ping_kind[] IS NULL OR kind = ANY ($5)) ORDER BY n LIMIT ${EXPORT_PAGE}`,
    [projectId, checkId, first, end, kinds.length === 0 ? null : kinds],
  );
  return found.rows.map(toExported);
}

/**
 * The signals within bounds, oldest first, page by page: no connection is held while a page is on its way. The next page
 * is read meanwhile, and no more than that.
 */
async function* exportPages(db: Db, place: Place, wanted: Wanted): AsyncGenerator<ExportedSignal[]> {
  let coming: Promise<ExportedSignal[]> | null = loadPage(db, place, wanted);
  while (coming !== null) {
    const page: ExportedSignal[] = await coming;
    const last = page.at(-1);
    const isLast = page.length < EXPORT_PAGE || last === undefined;
    coming = isLast ? null : loadPage(db, place, { ...wanted, first: last.n + 1 });
    // Its failure matters only to whoever still wants the page.
    coming?.catch(() => undefined);
    if (page.length > 0) yield page;
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
    pieces: exportText(format, exportPages(db, place, { ...bounds, kinds })),
  };
}
