import { z } from "zod";
import { DAY } from "@/lib/core/time";
import {
  EXPORT_FORMATS,
  HISTORY_KINDS,
  type HistoryKind,
  RANGE_NAMES,
  RANGES,
  type Range,
  RUN_STATUSES,
} from "./choices";

const DATE = /^\d{4}-\d\d-\d\d$/;

/** A moment, or a day of UTC; `dayEnds` makes a day its end. */
export const moment = (dayEnds: boolean) =>
  z
    .union([z.iso.datetime({ offset: true }), z.iso.date()], {
      error: "must be a day such as 2026-01-31, or a time such as 2026-01-31T08:00:00Z",
    })
    .transform((text) => Date.parse(text) + (dayEnds && DATE.test(text) ? DAY : 0));

const isKind = (text: string): text is HistoryKind => HISTORY_KINDS.some((kind) => kind === text);
const named = (text: string): string[] => text.split(",").filter((kind) => kind !== "");

/** Some kinds, such as `fail,log`; none stands for all. */
const kinds = z
  .string()
  .default("")
  .refine((text) => named(text).every(isKind), `must be some of ${HISTORY_KINDS.join(",")}`)
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
