import { z } from "zod";
import type { PingKind } from "@/lib/checks/state";
import { DAY } from "@/lib/core/time";

/** What the history of signals can be filtered by. */
export const SIGNAL_KINDS = ["success", "start", "fail", "log", "ign"] as const satisfies PingKind[];
export const EXPORT_FORMATS = ["csv", "json", "ndjson"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** A stretch of time in epoch milliseconds, `to` excluded; null is open. */
export type Range = { from: number | null; to: number | null };

const DATE = /^\d{4}-\d\d-\d\d$/;

/** A moment, or a day of UTC; `dayEnds` makes a day its end. */
export const moment = (dayEnds: boolean) =>
  z
    .union([z.iso.datetime({ offset: true }), z.iso.date()], {
      error: "must be a day such as 2026-01-31, or a time such as 2026-01-31T08:00:00Z",
    })
    .transform((text) => Date.parse(text) + (dayEnds && DATE.test(text) ? DAY : 0));

const isKind = (text: string): text is PingKind => SIGNAL_KINDS.some((kind) => kind === text);
const named = (text: string): string[] => text.split(",").filter((kind) => kind !== "");

/** Some kinds, such as `fail,log`; none stands for all. */
const kinds = z
  .string()
  .default("")
  .refine((text) => named(text).every(isKind), `must be some of ${SIGNAL_KINDS.join(",")}`)
  .transform((text) => named(text).filter(isKind));

/** Which part of a check's history to export: from `from` (inclusive) to `to` (exclusive, but a whole day as a day). */
export const HistoryExport = z
  .object({
    format: z.enum(EXPORT_FORMATS, `must be one of ${EXPORT_FORMATS.join(", ")}`).default("csv"),
    from: moment(false).optional(),
    to: moment(true).optional(),
    kinds,
  })
  .refine(({ from, to }) => from === undefined || to === undefined || from < to, {
    path: ["to"],
    error: "must be after from",
  });
export type HistoryExport = z.infer<typeof HistoryExport>;

/** The ranges to choose from, with their length; of `all` there is none. */
export const RANGES = {
  day: { label: "24 hours", ms: DAY },
  week: { label: "7 days", ms: 7 * DAY },
  month: { label: "30 days", ms: 30 * DAY },
  quarter: { label: "90 days", ms: 90 * DAY },
  all: { label: "All", ms: null },
} as const;
export const RANGE_NAMES = ["day", "week", "month", "quarter", "all"] as const satisfies (keyof typeof RANGES)[];

export const RUN_STATUSES = ["running", "success", "failed", "timed_out", "abandoned"] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

const range = {
  range: z.enum(RANGE_NAMES).default("month"),
  from: z.iso.date().optional(),
  to: z.iso.date().optional(),
};

/** The search part of the address of a history page. Days count before the named range. */
export const HistorySearch = z.object({ ...range, kinds, cursor: z.string().optional() });
export type HistorySearch = z.infer<typeof HistorySearch>;

/** The search part of the address of a list of runs. */
export const RunSearch = z.object({ ...range, status: z.enum(RUN_STATUSES).optional(), cursor: z.string().optional() });

/** The stretch of time an address means; both of its days are within it. */
export function rangeOf({ range: name, from, to }: Pick<HistorySearch, "range" | "from" | "to">, now: number): Range {
  if (from === undefined && to === undefined) {
    const { ms } = RANGES[name];
    return { from: ms === null ? null : now - ms, to: null };
  }
  return {
    from: from === undefined ? null : Date.parse(from),
    to: to === undefined ? null : Date.parse(to) + DAY,
  };
}

/** What an address is narrowed to, as its parameters, to keep when turning the page. */
export function searchParts({
  range: name,
  from,
  to,
}: Pick<HistorySearch, "range" | "from" | "to">): Record<string, string | undefined> {
  return from === undefined && to === undefined ? { range: name === "month" ? undefined : name } : { from, to };
}
