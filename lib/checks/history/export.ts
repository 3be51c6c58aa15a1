import { CSV_TYPE, csvCell } from "@/lib/core/csv";
import type { JsonObject } from "@/lib/core/json-object";
import type { ExportFormat, HistoryKind, Range } from "./choices";

/**
 * One row as it is exported; the columns in this order. `at` is ISO 8601. Of an expected signal that did not come only
 * `at` and `kind` are known.
 */
export type ExportedRow = {
  n: number | null;
  at: string;
  kind: HistoryKind;
  source: string | null;
  run_id: string | null;
  exit_status: number | null;
  duration_ms: number | null;
  reported_duration_ms: number | null;
  status_text: string | null;
  message: string | null;
  metadata: JsonObject | null;
  remote_addr: string | null;
  method: string | null;
  user_agent: string | null;
};

/** An expected signal that did not come. */
export const missedRow = (at: string): ExportedRow => ({
  n: null,
  at,
  kind: "missed",
  source: null,
  run_id: null,
  exit_status: null,
  duration_ms: null,
  reported_duration_ms: null,
  status_text: null,
  message: null,
  metadata: null,
  remote_addr: null,
  method: null,
  user_agent: null,
});

const COLUMNS = [
  "n",
  "at",
  "kind",
  "source",
  "run_id",
  "exit_status",
  "duration_ms",
  "reported_duration_ms",
  "status_text",
  "message",
  "metadata",
  "remote_addr",
  "method",
  "user_agent",
] as const satisfies (keyof ExportedRow)[];

const number = (value: number | null): number | string => value ?? "";

/** Written out and not by a list of columns: this runs a million times for one file. */
function csvLine(row: ExportedRow): string {
  const metadata = row.metadata === null ? "" : csvCell(JSON.stringify(row.metadata));
  return `${number(row.n)},${row.at},${row.kind},${csvCell(row.source)},${csvCell(row.run_id)},${number(row.exit_status)},${number(row.duration_ms)},${number(row.reported_duration_ms)},${csvCell(row.status_text)},${csvCell(row.message)},${metadata},${csvCell(row.remote_addr)},${csvCell(row.method)},${csvCell(row.user_agent)}\r\n`;
}

type Writer = {
  type: string;
  head: string;
  /** Some rows that follow others, if `isFirst` does not say that they are the first. */
  body: (rows: ExportedRow[], isFirst: boolean) => string;
  tail: string;
};

const WRITERS: Record<ExportFormat, Writer> = {
  csv: {
    type: CSV_TYPE,
    head: `${COLUMNS.join(",")}\r\n`,
    body: (rows) => {
      let text = "";
      for (const row of rows) text += csvLine(row);
      return text;
    },
    tail: "",
  },
  json: {
    type: "application/json; charset=utf-8",
    head: "[",
    body: (rows, isFirst) => {
      const text = rows.map((row) => JSON.stringify(row)).join(",\n");
      return isFirst || text === "" ? text : `,\n${text}`;
    },
    tail: "]\n",
  },
  ndjson: {
    type: "application/x-ndjson; charset=utf-8",
    head: "",
    body: (rows) => rows.map((row) => `${JSON.stringify(row)}\n`).join(""),
    tail: "",
  },
};

/** The media type of a format. */
export const exportType = (format: ExportFormat): string => WRITERS[format].type;

/** The text of an export, one piece for each page of rows. */
export async function* exportText(format: ExportFormat, pages: AsyncIterable<ExportedRow[]>): AsyncGenerator<string> {
  const { head, body, tail } = WRITERS[format];
  let before = head;
  let isFirst = true;
  for await (const page of pages) {
    yield before + body(page, isFirst);
    before = "";
    isFirst = false;
  }
  if (before + tail !== "") yield before + tail;
}

const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** What a file with this part of a check's history is called: `backup-2026-01-01-to-2026-01-31.csv`. */
export function exportName(check: { name: string; slug: string }, { from, to }: Range, format: ExportFormat): string {
  const plain = (check.slug || check.name).replaceAll(/[^\w.-]+/g, "-").replaceAll(/^[-.]+|[-.]+$/g, "");
  const since = from === null ? [] : [day(from)];
  const until = to === null ? [] : ["to", day(to - 1)];
  const span = [...since, ...until].join("-");
  return `${[plain.slice(0, 80) || "check", span || "history"].join("-")}.${format}`;
}
