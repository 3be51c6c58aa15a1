import cronstrue from "cronstrue";
import { z } from "zod";
import { type Caller, requireScope } from "@/lib/auth/caller";
import { invalid } from "@/lib/core/errors";
import { pool } from "@/lib/db/pool";
import { onCalendarInWords } from "./oncalendar-words";
import { canonicalTimeZone, nextOccurrence, parseSchedule } from "./schedule";

const SHOWN_RUNS = 5;

/** What to look ahead at; `from` is the moment to look from, by default now by the database's clock. */
export const SchedulePreviewQuery = z.object({
  schedule: z.string("is required").max(100, "is too long"),
  tz: z.string().max(100, "is too long").default("UTC"),
  from: z.iso.datetime({ offset: true, error: "must be a time such as 2026-03-01T00:00:00Z" }).optional(),
});
export type SchedulePreviewQuery = z.infer<typeof SchedulePreviewQuery>;

/** What a calendar expression means. `description` is null where there are no words for it. */
export type SchedulePreview = {
  syntax: "cron" | "oncalendar";
  description: string | null;
  time_zone: string;
  next_runs: string[];
};

/** A calendar expression in words with its next five runs. Throws `invalid_input` for `schedule` and `tz`. */
export async function previewSchedule(caller: Caller, query: SchedulePreviewQuery): Promise<SchedulePreview> {
  requireScope(caller, "read");
  const syntax = parseSchedule(query.schedule);
  if (syntax === null) throw invalid("schedule", "is not a valid cron or OnCalendar expression");
  const timeZone = canonicalTimeZone(query.tz);
  if (timeZone === null) throw invalid("tz", "is not a valid timezone");
  const from = query.from === undefined ? await databaseTime() : Date.parse(query.from);
  return {
    syntax,
    description: syntax === "cron" ? cronInWords(query.schedule) : onCalendarInWords(query.schedule),
    time_zone: timeZone,
    next_runs: nextRuns({ expression: query.schedule, timeZone }, from),
  };
}

function nextRuns(calendar: { expression: string; timeZone: string }, from: number): string[] {
  const runs: string[] = [];
  for (let after: number | null = from; after !== null && runs.length < SHOWN_RUNS; ) {
    after = nextOccurrence({ kind: "calendar", ...calendar }, after);
    if (after !== null) runs.push(new Date(after).toISOString());
  }
  return runs;
}

/** Null for the few expressions that cronstrue does not know. */
function cronInWords(expression: string): string | null {
  try {
    return cronstrue.toString(expression, { use24HourTimeFormat: true });
  } catch {
    return null;
  }
}

async function databaseTime(): Promise<number> {
  const found = await pool().query<{ now: Date }>("SELECT clock_timestamp() AS now");
  const [row] = found.rows;
  if (row === undefined) throw new Error("a SELECT without FROM gave no row");
  return row.now.getTime();
}
