import { Cron } from "croner";

/**
 * When one line of a calendar expression fires, told in wall-clock time: epoch milliseconds of the moment at
 * which a clock in UTC would show the same date and time.
 */
export type WallRule = {
  /** The zone written in the line itself; null means the zone of the schedule. */
  timeZone: string | null;
  /** Follows elapsed time through clock changes; else every wall time fires at most once. */
  followsElapsedTime: boolean;
  /** A wall time that the clock skips does not fire at all; else it fires at the end of the gap. */
  skipsGaps: boolean;
  /** The first wall time strictly after the given one, or null when there is none. */
  nextWall: (afterWall: number) => number | null;
};

type Field = { min: number; max: number; names: readonly string[] };

const MINUTE: Field = { min: 0, max: 59, names: [] };
const HOUR: Field = { min: 0, max: 23, names: [] };
const DAY: Field = { min: 1, max: 31, names: [] };
const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const MONTH: Field = { min: 1, max: 12, names: MONTHS };
const WEEKDAY: Field = { min: 0, max: 7, names: ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"] };

const TERM = /^(\*|[A-Z]+|\d+)(?:-([A-Z]+|\d+))?(?:\/(\d+))?$/;
const LAST_WEEKDAY = /^([0-7])L$/;
const NTH_WEEKDAY = /^([A-Z]+|\d+)#([1-5])$/;

/** Any 28 years without a skipped leap day hold every combination of date and weekday. */
const ALL_CALENDARS = "2024-2051";
const BEFORE_ALL_CALENDARS = new Date(Date.UTC(2023, 11, 31));

function readNumber(text: string, field: Field): number {
  if (/^\d+$/.test(text)) return Number(text);
  const index = field.names.indexOf(text);
  return index < 0 ? Number.NaN : index + field.min;
}

function bounds(match: RegExpExecArray, field: Field): [number, number] | null {
  const [, first = "", last, step] = match;
  if (first === "*") return last === undefined ? [field.min, field.max] : null;
  const from = readNumber(first, field);
  if (last !== undefined) return [from, readNumber(last, field)];
  return [from, step === undefined ? from : field.max];
}

/** The numbers of one comma-free term, or nothing when it is malformed. */
function expandTerm(term: string, field: Field): number[] {
  const match = TERM.exec(term);
  const range = match && bounds(match, field);
  if (!range) return [];
  const [from, to] = range;
  const step = Number(match[3] ?? 1);
  const valid = from >= field.min && from <= to && to <= field.max && step > 0;
  return valid ? Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => from + i * step) : [];
}

function expandDay(term: string): string[] {
  return term === "L" || term === "LW" ? [term] : expandTerm(term, DAY).map(String);
}

function expandWeekday(term: string): string[] {
  const last = LAST_WEEKDAY.exec(term)?.[1];
  if (last !== undefined) return [`${Number(last) % 7}L`];
  const [, day, nth] = NTH_WEEKDAY.exec(term) ?? [];
  if (day === undefined) return expandTerm(term, WEEKDAY).map((number) => String(number % 7));
  return expandTerm(day, WEEKDAY).map((number) => `${number % 7}#${nth}`);
}

function expandList(text: string, expand: (term: string) => string[]): string {
  const terms = text.split(",").map(expand);
  return terms.every((term) => term.length > 0) ? [...new Set(terms.flat())].join() : "";
}

function numbers(field: Field): (term: string) => string[] {
  return (term) => expandTerm(term, field).map(String);
}

function createCron(pattern: string, domAndDow: boolean): Cron | null {
  try {
    const mode = pattern.split(" ").length === 5 ? "5-part" : "7-part";
    return new Cron(pattern, { mode, domAndDow, utcOffset: 0 });
  } catch {
    return null;
  }
}

/**
 * Compiles a five-field cron expression as Debian's crontab(5) and cronsim read it: lists, ranges and steps, names
 * in any case, 7 as Sunday, `L`, `LW`, `5L` and `MON#2`. Day-of-month and day-of-week must both match when either
 * starts with `*`; otherwise one of them is enough. An expression whose minute or hour starts with `*` follows
 * elapsed time; any other fires once per wall time. Returns null when the expression is malformed or never fires.
 */
export function compileCron(expression: string): WallRule | null {
  const [minute = "", hour = "", day = "", month = "", weekday = "", extra] = expression
    .trim()
    .toUpperCase()
    .split(/\s+/);
  const time = [expandList(minute, numbers(MINUTE)), expandList(hour, numbers(HOUR))];
  const date = [expandList(day, expandDay), expandList(month, numbers(MONTH)), expandList(weekday, expandWeekday)];
  if (extra !== undefined || [...time, ...date].includes("")) return null;

  const bothDays = day.startsWith("*") || weekday.startsWith("*");
  const probe = createCron(`0 0 0 ${date.join(" ")} ${ALL_CALENDARS}`, bothDays);
  const cron = probe?.nextRun(BEFORE_ALL_CALENDARS) ? createCron([...time, ...date].join(" "), bothDays) : null;
  if (!cron) return null;
  return {
    timeZone: null,
    followsElapsedTime: minute.startsWith("*") || hour.startsWith("*"),
    skipsGaps: false,
    nextWall: (afterWall) => cron.nextRun(new Date(afterWall))?.getTime() ?? null,
  };
}
