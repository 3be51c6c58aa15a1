import type { WallRule } from "./cron";

type Range = { min: number; max: number };
type DateSpec = { years: number[]; months: number[]; days: number[]; daysFromEnd: boolean };
type TimeSpec = { hours: number[]; minutes: number[]; seconds: number[] };
/** When it fires, as ascending numbers; `days` count from the end of the month, descending, where `daysFromEnd`. */
export type Spec = DateSpec & TimeSpec & { weekdays: number[] };
/** One line of an expression, with the time zone as it is written there. */
export type CalendarLine = { spec: Spec; timeZone: string | null };

const DAY_MS = 86_400_000;
/** The years that can be named. */
export const YEAR: Range = { min: 1970, max: 2199 };
const MONTH: Range = { min: 1, max: 12 };
const DAY: Range = { min: 1, max: 31 };
const DAY_FROM_END: Range = { min: 1, max: 28 };
const HOUR: Range = { min: 0, max: 23 };
const SIXTY: Range = { min: 0, max: 59 };
const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

const SHORTHANDS = new Map([
  ["minutely", "*-*-* *:*:00"],
  ["hourly", "*-*-* *:00:00"],
  ["daily", "*-*-* 00:00:00"],
  ["weekly", "Mon *-*-* 00:00:00"],
  ["monthly", "*-*-01 00:00:00"],
  ["quarterly", "*-01,04,07,10-01 00:00:00"],
  ["semiannually", "*-01,07-01 00:00:00"],
  ["yearly", "*-01-01 00:00:00"],
  ["annually", "*-01-01 00:00:00"],
]);

const TERM = /^(\*|\d+)(?:\.\.(\d+))?(?:\/(\d+))?$/;
const DATE = /^(?:([^-~]+)-)?([^-~]+)([-~])([^-~]+)$/;
const WEEKDAY_TERM = /^([a-z]+)(?:(?:\.\.|-)([a-z]+))?$/;
const ZONE = /^[A-Za-z][\w+/-]*$/;

function sequence(from: number, to: number, step: number): number[] {
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => from + i * step);
}

function readNumber(text: string, range: Range): number {
  const number = Number(text);
  if (range !== YEAR || number > 99) return number;
  return number < 70 ? 2000 + number : 1900 + number;
}

function bounds(match: RegExpExecArray, range: Range): [number, number] | null {
  const [, first = "", last, step] = match;
  if (first === "*") return last === undefined && range !== DAY_FROM_END ? [range.min, range.max] : null;
  const from = readNumber(first, range);
  if (last !== undefined) return [from, readNumber(last, range)];
  if (step === undefined) return [from, from];
  // `~7/2` counts from the seventh last day towards the end of the month: 7, 5, 3, 1.
  return range === DAY_FROM_END ? [1 + ((from - 1) % Number(step)), from] : [from, range.max];
}

function expandTerm(term: string, range: Range): number[] {
  const match = TERM.exec(term);
  const step = Number(match?.[3] ?? 1);
  const ends = match && step > 0 ? bounds(match, range) : null;
  if (!ends) return [];
  const [from, to] = ends;
  return from >= range.min && from <= to && to <= range.max ? sequence(from, to, step) : [];
}

function union(lists: number[][]): number[] {
  return lists.every((list) => list.length > 0) ? [...new Set(lists.flat())].sort((a, b) => a - b) : [];
}

/** Ascending numbers of a list such as `1,5..9/2`; empty when any term is malformed. */
function expandList(text: string, range: Range): number[] {
  return union(text.split(",").map((term) => expandTerm(term, range)));
}

function weekdayIndex(name: string): number {
  return WEEKDAYS.findIndex((day) => day === name || day.slice(0, 3) === name);
}

function expandWeekdays(text: string): number[] {
  const terms = text.toLowerCase().replace(/,$/, "").split(",");
  return union(
    terms.map((term) => {
      const [, first = "", last = first] = WEEKDAY_TERM.exec(term) ?? [];
      const [from, to] = [weekdayIndex(first), weekdayIndex(last)];
      return from >= 0 && from <= to ? sequence(from, to, 1) : [];
    }),
  );
}

function parseDate(text: string): DateSpec {
  const [, years = "*", months = "", separator, days = ""] = DATE.exec(text) ?? [];
  const daysFromEnd = separator === "~" && days !== "*";
  const dayNumbers = expandList(days, daysFromEnd ? DAY_FROM_END : DAY);
  return {
    years: expandList(years, YEAR),
    months: expandList(months, MONTH),
    days: daysFromEnd ? dayNumbers.reverse() : dayNumbers,
    daysFromEnd,
  };
}

function parseTime(text: string): TimeSpec | null {
  const [hours = "", minutes = "", seconds = "0", extra] = text.split(":");
  if (extra !== undefined) return null;
  return {
    hours: expandList(hours, HOUR),
    minutes: expandList(minutes, SIXTY),
    seconds: expandList(seconds, SIXTY),
  };
}

/** Takes the first token away when it looks as asked, else leaves the default. */
function take(tokens: string[], shape: RegExp, otherwise: string): string {
  return shape.test(tokens[0] ?? "") ? (tokens.shift() ?? otherwise) : otherwise;
}

function parseSpec(tokens: string[]): Spec | null {
  const rest = [...tokens];
  const weekdays = expandWeekdays(take(rest, /^[a-z]/i, "mon..sun"));
  const date = parseDate(take(rest, /^[^:]*[-~][^:]*$/, "*-*-*"));
  const time = parseTime(take(rest, /:/, "0:0:0"));
  if (!time || rest.length > 0) return null;
  const spec = { weekdays, ...date, ...time };
  return Object.values(spec).some((list) => Array.isArray(list) && list.length === 0) ? null : spec;
}

function dayInMonth(spec: Spec, monthStart: number, from: number): number | undefined {
  const start = new Date(monthStart);
  const length = new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, 0)).getUTCDate();
  return spec.days
    .map((day) => (spec.daysFromEnd ? length + 1 - day : day))
    .filter((day) => day >= 1 && day <= length)
    .map((day) => monthStart + (day - 1) * DAY_MS)
    .find((midnight) => midnight >= from && spec.weekdays.includes((midnight / DAY_MS + 3) % 7));
}

function nextDay(spec: Spec, from: number): number | null {
  const firstYear = new Date(from).getUTCFullYear();
  for (const year of spec.years.filter((candidate) => candidate >= firstYear)) {
    for (const month of spec.months) {
      const day = dayInMonth(spec, Date.UTC(year, month - 1, 1), from);
      if (day !== undefined) return day;
    }
  }
  return null;
}

function nextSecondOfDay(spec: Spec, from: number): number | null {
  for (const hour of spec.hours) {
    for (const minute of spec.minutes) {
      const start = hour * 3600 + minute * 60;
      const second = start + 59 < from ? undefined : spec.seconds.find((candidate) => start + candidate >= from);
      if (second !== undefined) return start + second;
    }
  }
  return null;
}

function nextWall(spec: Spec, afterWall: number): number | null {
  const from = Math.floor(afterWall / 1000) * 1000 + 1000;
  const today = Math.floor(from / DAY_MS) * DAY_MS;
  const day = nextDay(spec, today);
  if (day === null) return null;
  const second = nextSecondOfDay(spec, day === today ? (from - today) / 1000 : 0);
  return second === null ? nextWall(spec, today + DAY_MS - 1) : day + second * 1000;
}

function readLine(line: string): CalendarLine | null {
  const tokens = line.trim().split(/\s+/);
  const last = tokens.at(-1) ?? "";
  const timeZone = tokens.length > 1 && ZONE.test(last) ? last : null;
  const body = timeZone === null ? tokens : tokens.slice(0, -1);
  const [head = "", ...tail] = body;
  const spec = parseSpec([...(SHORTHANDS.get(head.toLowerCase()) ?? head).split(" "), ...tail]);
  return spec && { spec, timeZone };
}

/** The lines of an expression; null when any is malformed. */
export function readOnCalendar(expressions: string): CalendarLine[] | null {
  const lines = expressions.trim().split("\n").map(readLine);
  return lines.every((line) => line !== null) ? lines : null;
}

/**
 * Compiles systemd OnCalendar expressions, one per line, as systemd.time(7) describes them, without fractional
 * seconds. A line may end in a time zone of its own, which is returned as written and not checked here. The rules
 * fire independently, so the earliest wins; none fires after the year 2199. Returns null when any line is malformed.
 */
export function compileOnCalendar(expressions: string): WallRule[] | null {
  const lines = readOnCalendar(expressions);
  return (
    lines?.map(({ spec, timeZone }) => ({
      timeZone,
      followsElapsedTime: false,
      skipsGaps: true,
      nextWall: (afterWall) => nextWall(spec, afterWall),
    })) ?? null
  );
}
