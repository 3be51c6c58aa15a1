import { type CalendarLine, readOnCalendar, type Spec, YEAR } from "./oncalendar";

const DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const MONTHS = [
  ...["January", "February", "March", "April", "May", "June"],
  ...["July", "August", "September", "October", "November", "December"],
];
const HOURS_A_DAY = 24;
/** Seconds of a minute, and minutes of an hour. */
const A_MINUTE = 60;
/** More moments of a day than this are told by rule, not one by one. */
const LISTED_TIMES = 6;

const two = (number: number): string => String(number).padStart(2, "0");

/** `a`, `a and b`, `a, b and c`. */
function listed(words: string[]): string {
  const [last = "", ...others] = words.toReversed();
  return others.length === 0 ? last : `${others.toReversed().join(", ")} and ${last}`;
}

/** Ascending numbers as runs of neighbours. */
function runsOf(numbers: number[]): [first: number, last: number][] {
  const runs: [number, number][] = [];
  for (const number of numbers) {
    const run = runs.at(-1);
    if (run?.[1] === number - 1) run[1] = number;
    else runs.push([number, number]);
  }
  return runs;
}

/** `1, 5 and 10 to 15`; two neighbours are named, not spanned. */
function ranges(numbers: number[], name: (number: number) => string): string {
  const words = runsOf(numbers).flatMap(([first, last]) => {
    if (first === last) return [name(first)];
    return last - first === 1 ? [name(first), name(last)] : [`${name(first)} to ${name(last)}`];
  });
  return listed(words);
}

/** The distance between neighbours where it is the same throughout and makes for fewer words than a list. */
function stepOf(numbers: number[]): number | null {
  const [first = 0, second = 0] = numbers;
  const step = second - first;
  return numbers.length > 3 && step > 1 && numbers.every((number, at) => number === first + at * step) ? step : null;
}

const isAll = (numbers: number[], size: number): boolean => numbers.length === size;
const isZero = (numbers: number[]): boolean => numbers.length === 1 && numbers[0] === 0;
const isRun = (numbers: number[]): boolean => numbers.length > 1 && runsOf(numbers).length === 1;
/** Whether these are all multiples of the step, and the next cycle goes on in the same stride. */
const isWhole = (numbers: number[], step: number, size: number): boolean =>
  numbers[0] === 0 && numbers.length === size / step;

/** `every 15 minutes`, `minute 5`, `minutes 0, 7 and 30 to 40`; the same for seconds. */
function unitWords(numbers: number[], unit: string): string {
  const step = stepOf(numbers);
  if (isAll(numbers, A_MINUTE)) return `every ${unit}`;
  if (step === null) return `${unit}${numbers.length === 1 ? "" : "s"} ${ranges(numbers, String)}`;
  if (isWhole(numbers, step, A_MINUTE)) return `every ${step} ${unit}s`;
  return `every ${step} ${unit}s from ${unit} ${numbers[0]} to ${numbers.at(-1)}`;
}

/** Each moment of the day by its clock time. */
function clockTimes({ hours, minutes, seconds }: Spec): string {
  const end = (second: number): string => (isZero(seconds) ? "" : `:${two(second)}`);
  const times = hours.flatMap((hour) =>
    minutes.flatMap((minute) => seconds.map((second) => `${two(hour)}:${two(minute)}${end(second)}`)),
  );
  return `at ${listed(times)}`;
}

/** `every hour from 09:00 to 17:00`: what happens on the hour. */
function wholeHours(spec: Spec): string {
  const { hours } = spec;
  const [first = 0] = hours;
  const last = hours.at(-1) ?? first;
  const step = isRun(hours) ? 1 : stepOf(hours);
  if (step === null) return clockTimes(spec);
  const every = step === 1 ? "every hour" : `every ${step} hours`;
  return isWhole(hours, step, HOURS_A_DAY) ? every : `${every} from ${two(first)}:00 to ${two(last)}:00`;
}

function hourWords(hours: number[]): string {
  const [first = 0] = hours;
  const last = hours.at(-1) ?? first;
  const span = `from ${two(first)}:00 to ${two(last)}:59`;
  if (isRun(hours)) return span;
  const step = stepOf(hours);
  if (step === null) return `in the hour${hours.length === 1 ? "" : "s"} ${ranges(hours, String)}`;
  return `in every ${ordinal(step)} hour${isWhole(hours, step, HOURS_A_DAY) ? "" : ` ${span}`}`;
}

function timeWords(spec: Spec): string {
  const { hours, minutes, seconds } = spec;
  if (hours.length * minutes.length * seconds.length <= LISTED_TIMES) return clockTimes(spec);
  if (isZero(minutes) && isZero(seconds)) return wholeHours(spec);
  const second = isZero(seconds) ? "" : unitWords(seconds, "second");
  const isEverySecond = second.startsWith("every") && isAll(minutes, A_MINUTE);
  const minute = isEverySecond ? "" : unitWords(minutes, "minute");
  const within = [second, minute].filter(Boolean).join(" of ");
  const start = within.startsWith("every") ? within : `at ${within}`;
  if (!isAll(hours, HOURS_A_DAY)) return `${start}, ${hourWords(hours)}`;
  return isEverySecond || minute.startsWith("every") ? start : `${start} of every hour`;
}

/** Which days of which months. */
function monthDays({ days, daysFromEnd, months }: Spec): string {
  const all = isAll(months, MONTHS.length);
  const named = ranges(months, (month) => MONTHS[month - 1] ?? "");
  if (!daysFromEnd && isAll(days, 31)) return all ? "" : `in ${named}`;
  const of = all ? "the month" : named;
  if (!daysFromEnd) return `on day${days.length === 1 ? "" : "s"} ${ranges(days, String)} of ${of}`;
  const fromEnd = days.toReversed().map((day) => (day === 1 ? "last" : `${ordinal(day)} last`));
  return `on the ${listed(fromEnd)} day of ${of}`;
}

function ordinal(number: number): string {
  const isTeen = number > 10 && number < 20;
  return `${number}${isTeen ? "th" : (["th", "st", "nd", "rd"][number % 10] ?? "th")}`;
}

function yearWords({ years }: Spec): string {
  const [first = 0] = years;
  const last = years.at(-1);
  if (isAll(years, YEAR.max - YEAR.min + 1)) return "";
  if (last === YEAR.max && years.length === last - first + 1) return `from ${first} on`;
  return `in ${ranges(years, String)}`;
}

/** Both the weekday and the date must fit, other than in cron. */
function dateWords(spec: Spec): string {
  const days = monthDays(spec);
  const named = isAll(spec.weekdays, DAYS.length) ? "" : ranges(spec.weekdays, (day) => DAYS[day] ?? "");
  const isOnDays = days.startsWith("on ");
  const weekdays = isOnDays ? `if that is ${named.replaceAll(" and ", " or ")}` : onDays(named);
  return [days, yearWords(spec), named === "" ? "" : weekdays].filter(Boolean).join(", ");
}

/** `on Monday`, but `Monday to Friday`. */
const onDays = (named: string): string => (named.includes(" to ") ? named : `on ${named}`);

function lineWords({ spec, timeZone }: CalendarLine): string {
  const date = dateWords(spec);
  const time = timeWords(spec);
  const day = date === "" && /^at \d\d:/.test(time) ? " every day" : "";
  return `${time}${day}${date === "" ? "" : `, ${date}`}${timeZone === null ? "" : `, in ${timeZone}`}`;
}

/** An OnCalendar expression in words, such as `At 09:00, on Monday to Friday`; null when it is malformed. */
export function onCalendarInWords(expressions: string): string | null {
  const words = readOnCalendar(expressions)?.map(lineWords).join("; and ");
  return words === undefined ? null : `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}
