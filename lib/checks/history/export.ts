import type { PingKind } from "@/lib/checks/state";
import type { JsonObject } from "@/lib/ingest/signal";
import type { ExportFormat, Range } from "./schema";

/** One signal as it is exported; the columns in this order. `at` is ISO 8601. */
export type ExportedSignal = {
  n: number;
  at: string;
  kind: PingKind;
  source: string;
  run_id: string | null;
  exit_status: number | null;
  duration_ms: number | null;
  reported_duration_ms: number | null;
  status_text: string | null;
  message: string | null;
  metadata: JsonObject | null;
  remote_addr: string | null;
  method: string;
  user_agent: string;
};

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
] as const satisfies (keyof ExportedSignal)[];

/** What spreadsheets take for a formula. */
const FORMULA = /^[=+\-@\t\r]/;
const NEEDS_QUOTES = /[",\r\n]/;

/** One cell of a CSV file (RFC 4180). Text that a spreadsheet would run gets an apostrophe, which makes it text. */
export function csvCell(value: string | number | JsonObject | null): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const csvLine = (signal: ExportedSignal): string => `${COLUMNS.map((column) => csvCell(signal[column])).join(",")}\r\n`;

type Writer = {
  type: string;
  head: string;
  /** Some signals that follow others, if `isFirst` does not say that they are the first. */
  body: (signals: ExportedSignal[], isFirst: boolean) => string;
  tail: string;
};

const WRITERS: Record<ExportFormat, Writer> = {
  csv: {
    type: "text/csv; charset=utf-8; header=present",
    head: `${COLUMNS.join(",")}\r\n`,
    body: (signals) => signals.map(csvLine).join(""),
    tail: "",
  },
  json: {
    type: "application/json; charset=utf-8",
    head: "[",
    body: (signals, isFirst) => {
      const text = signals.map((signal) => JSON.stringify(signal)).join(",\n");
      return isFirst || text === "" ? text : `,\n${text}`;
    },
    tail: "]\n",
  },
  ndjson: {
    type: "application/x-ndjson; charset=utf-8",
    head: "",
    body: (signals) => signals.map((signal) => `${JSON.stringify(signal)}\n`).join(""),
    tail: "",
  },
};

/** The media type of a format. */
export const exportType = (format: ExportFormat): string => WRITERS[format].type;

/** The text of an export, one piece for each page of signals. */
export async function* exportText(
  format: ExportFormat,
  pages: AsyncIterable<ExportedSignal[]>,
): AsyncGenerator<string> {
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
