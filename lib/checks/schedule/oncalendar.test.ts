import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { compileOnCalendar } from "./oncalendar";
import { nextOccurrence } from "./schedule";

const MINUTE_MS = 60_000;
const DAY_MS = 1440 * MINUTE_MS;
const FRIDAY = Date.UTC(2021, 0, 15);

function nextWall(expression: string, after: number): number | null {
  return compileOnCalendar(expression)?.[0]?.nextWall(after) ?? null;
}

function nextMinute(wall: number): number {
  return (Math.floor(wall / MINUTE_MS) + 1) * MINUTE_MS;
}

/** Wall times after Friday, 15 January 2021, 00:00, the date left out where it is that day. */
function occurrences(expression: string, count: number): string[] {
  const found: string[] = [];
  let wall = FRIDAY;
  while (found.length < count) {
    const next = nextWall(expression, wall);
    if (next === null) return [...found, "never"];
    found.push(new Date(next).toISOString().slice(2, 19).replace("21-01-15T", "").replace("T00:00:00", ""));
    wall = next;
  }
  return found;
}

function expectInstants(expression: string, [timeZone, after]: [string, string], expected: string[]): void {
  const schedule = { kind: "calendar", expression, timeZone } as const;
  const instants = expected.map((_, i) => nextOccurrence(schedule, Date.parse(after), i + 1) ?? 0);
  expect(instants.map((instant) => new Date(instant).toISOString())).toEqual(
    expected.map((time) => new Date(time).toISOString()),
  );
}

describe("occurrences", () => {
  test.each([
    // Shorthands, in any case.
    ["minutely", "00:01:00 00:02:00"],
    ["hourly", "01:00:00 02:00:00"],
    ["DAILY", "21-01-16 21-01-17"],
    ["weekly", "21-01-18 21-01-25"],
    ["monthly", "21-02-01 21-03-01"],
    ["quarterly", "21-04-01 21-07-01 21-10-01 22-01-01"],
    ["semiannually", "21-07-01 22-01-01"],
    ["yearly", "22-01-01 23-01-01"],
    ["annually", "22-01-01"],
    // Weekdays.
    ["Mon", "21-01-18 21-01-25"],
    ["monday *-*-*", "21-01-18"],
    ["Mon..Fri", "21-01-18 21-01-19 21-01-20 21-01-21 21-01-22 21-01-25"],
    ["Mon-Wed", "21-01-18 21-01-19 21-01-20 21-01-25"],
    ["Mon,Fri 10:00", "10:00:00 21-01-18T10:00:00"],
    ["Wed, 17:48", "21-01-20T17:48:00"],
    ["Sat,Thu,Mon..Wed,Sat..Sun", "21-01-16 21-01-17 21-01-18 21-01-19 21-01-20 21-01-21 21-01-23"],
    ["Mon 2-29", "44-02-29 72-02-29"],
    // Dates.
    ["2023-11-30", "23-11-30 never"],
    ["03-05", "21-03-05 22-03-05"],
    ["1-1", "22-01-01"],
    ["*-*", "21-01-16"],
    ["25-6-1", "25-06-01 never"],
    ["69-1-1", "69-01-01 never"],
    ["2199-12-31 23:59:59", "99-12-31T23:59:59 never"],
    ["2020..2022-1/6-1", "21-07-01 22-01-01 22-07-01 never"],
    ["*-1/3-1,15", "21-04-01 21-04-15 21-07-01"],
    ["1..3-1..2", "21-02-01 21-02-02 21-03-01 21-03-02 22-01-01"],
    ["*-*-28/2", "21-01-28 21-01-30 21-02-28 21-03-28"],
    ["*-*-31", "21-01-31 21-03-31 21-05-31"],
    // Counted from the end of the month.
    ["*-*~1", "21-01-31 21-02-28 21-03-31"],
    ["*~1", "21-01-31 21-02-28"],
    ["*-*~3,1", "21-01-29 21-01-31 21-02-26"],
    ["*-*~1..3", "21-01-29 21-01-30 21-01-31 21-02-26"],
    ["*-*~1..4/2", "21-01-29 21-01-31 21-02-26"],
    ["*-*~5/4", "21-01-27 21-01-31 21-02-24"],
    ["*-*~6/4", "21-01-26 21-01-30 21-02-23 21-02-27"],
    ["*-*~28", "21-02-01 21-03-04"],
    ["*-*~*", "21-01-16 21-01-17"],
    ["Sun *~7/1", "21-01-31 21-02-28 21-03-28"],
    ["2021-02~01 12:00", "21-02-28T12:00:00 never"],
    // Times.
    ["05:40", "05:40:00 21-01-16T05:40:00"],
    ["8:5:40", "08:05:40"],
    ["*:30", "00:30:00 01:30:00"],
    ["*:*:*", "00:00:01 00:00:02"],
    ["*:0/15", "00:15:00 00:30:00 00:45:00 01:00:00"],
    ["*:*/20", "00:20:00 00:40:00 01:00:00"],
    ["*:2/30", "00:02:00 00:32:00 01:02:00"],
    ["10:00:00/25", "10:00:00 10:00:25 10:00:50 21-01-16T10:00:00"],
    ["9..11,13:00,30", "09:00:00 09:30:00 10:00:00 10:30:00 11:00:00 11:30:00 13:00:00"],
    ["1..3/2:00", "01:00:00 03:00:00 21-01-16T01:00:00"],
    ["Mon,Fri *-*-3,1,2 *:30:45", "21-02-01T00:30:45 21-02-01T01:30:45"],
    ["2019-01-01", "never"],
  ])("%s", (expression, expected) => {
    const times = expected.split(" ");
    expect(occurrences(expression, times.length)).toEqual(times);
  });

  it("of several lines: the earliest wins, each in its own time zone", () => {
    const lines = "12:00 America/New_York\n\t12:00 Europe/Riga\r\n12:00";
    expectInstants(
      lines,
      ["UTC", "2021-01-15T00:00Z"],
      ["2021-01-15T10:00Z", "2021-01-15T12:00Z", "2021-01-15T17:00Z", "2021-01-16T10:00Z"],
    );
  });

  it("in the zone of the line whatever the schedule's zone", () => {
    expectInstants("daily Europe/Kiev", ["Asia/Tokyo", "2021-01-15T00:00Z"], ["2021-01-15T22:00Z"]);
    expectInstants("2015-10-25 01:00:00 uTc", ["Asia/Tokyo", "2015-01-01T00:00Z"], ["2015-10-25T01:00Z"]);
  });
});

describe("clock changes, Europe/Riga 2021", () => {
  test.each([
    ["3:15", "03-27T12:00+02", "03-29T03:15+03 03-30T03:15+03"],
    ["*:0/15", "03-28T02:40+02", "03-28T02:45+02 03-28T04:00+03 03-28T04:15+03"],
    ["3:30", "10-30T12:00+03", "10-31T03:30+03 11-01T03:30+02"],
    ["*:0/30", "10-31T02:40+03", "10-31T03:00+03 10-31T03:30+03 10-31T04:00+02"],
    ["*:*:*", "10-31T03:10+02", "10-31T04:00+02 10-31T04:00:01+02"],
  ])("%s after %s", (expression, after, expected) => {
    const in2021 = (time: string) => `2021-${time}:00`;
    expectInstants(expression, ["Europe/Riga", in2021(after)], expected.split(" ").map(in2021));
  });
});

describe("rejects", () => {
  const malformed = "-1 1000 ABC 1-1 1:1 Mon/1 ~1 1, ,1 1.. 1/0 1//2 1.5 ¹ 1_0".split(" ");
  const positions = ["X *-*-* *:*:*", "X-*-*", "*-X-*", "*-*-X", "*-*~X", "X:*:*", "*:X:*", "*:*:X"];
  test.each(positions)("malformed parts in %s", (shape) => {
    for (const text of malformed) {
      if (shape === "X-*-*" && text === "1-1") continue;
      expect([text, compileOnCalendar(shape.replace("X", text))]).toEqual([text, null]);
    }
  });

  test.each([
    "",
    "   ",
    "test",
    "7",
    "*",
    "* 10:00",
    "UTC",
    "Europe/Riga",
    "Sun..Mon",
    "Mon,,Fri",
    "Mon, Fri 10:00:00 surprise",
    "10:00 Mon 10:00",
    "10:00 2021-01-01",
    "daily 10:00",
    "constructor",
    "121212:1:2",
    "24:00",
    "10:60",
    "10:00:60",
    "10:00:00.5",
    "1:2:3:4",
    "10..8:00",
    "2016~11-22",
    "1969-1-1",
    "100-1-1",
    "2200-1-1",
    "*-*~29",
    "*-*~5..1",
    "*-*~*/2",
    "*-*-1,~1",
    "*-*-0",
    "*-13-1",
    "daily\n\ndaily",
    "daily\nnonsense",
  ])("%j", (expression) => {
    expect(compileOnCalendar(expression)).toBeNull();
  });

  it("hostile input in little time", () => {
    const hostile = [
      "2,4,6,9,11-31\n".repeat(7),
      "2-30\n".repeat(20),
      "*:*:*\n".repeat(16),
      `*:${"0/1,".repeat(20)}0`,
      `*:0/${"9".repeat(90)}`,
      `${"9".repeat(90)}-1-1`,
      "~".repeat(100),
      "-".repeat(100),
      "..".repeat(50),
      "2199-12-31 23:59:59",
    ];
    for (const expression of hostile) {
      const started = performance.now();
      for (const rule of compileOnCalendar(expression) ?? []) rule.nextWall(FRIDAY);
      expect([expression, performance.now() - started < 100]).toEqual([expression, true]);
    }
  });

  it("any text without throwing", () => {
    const piece = fc.constantFrom(..."0159*/.-:~,\n ".split(""), "..", "Mon", "daily", " UTC", "é", "\0");
    const text = fc.oneof(
      fc.string({ maxLength: 100 }),
      fc.array(piece, { maxLength: 40 }).map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(text, (expression) => {
        expect(Number.isInteger(nextWall(expression, FRIDAY) ?? 0)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe("laws", () => {
  type Part = { text: string; has: (value: number) => boolean };
  const part = (min: number, max: number): fc.Arbitrary<Part> => {
    const number = fc.integer({ min, max });
    return fc.oneof(
      fc.constant({ text: "*", has: () => true }),
      number.map((n) => ({ text: `${n}`, has: (value: number) => value === n })),
      fc.tuple(number, fc.integer({ min: 1, max: 20 })).map(([from, step]) => ({
        text: `${from}/${step}`,
        has: (value: number) => value >= from && (value - from) % step === 0,
      })),
      fc.tuple(number, number).map(([a, b]) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        return { text: `${from}..${to}`, has: (value: number) => value >= from && value <= to };
      }),
      fc.array(number, { minLength: 1, maxLength: 4 }).map((list) => ({
        text: list.join(),
        has: (value: number) => list.includes(value),
      })),
    );
  };
  const names = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
  const specs = fc.record({
    weekdays: fc.uniqueArray(fc.nat(6), { maxLength: 4 }),
    month: part(1, 12),
    day: part(1, 28),
    fromEnd: fc.boolean(),
    hour: part(0, 23),
    minute: part(0, 59),
  });
  type Spec = { weekdays: number[]; month: Part; day: Part; fromEnd: boolean; hour: Part; minute: Part };
  const write = ({ weekdays, month, day, fromEnd, hour, minute }: Spec): string => {
    const weekdayNames = weekdays.map((weekday) => names[weekday]).join();
    return `${weekdayNames} *-${month.text}${fromEnd ? "~" : "-"}${day.text} ${hour.text}:${minute.text}`.trim();
  };
  const matches = ({ weekdays, month, day, fromEnd, hour, minute }: Spec, wall: number): boolean => {
    const date = new Date(wall);
    const monthLength = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
    return (
      (weekdays.length === 0 || weekdays.includes(date.getUTCDay())) &&
      month.has(date.getUTCMonth() + 1) &&
      day.has(fromEnd ? monthLength + 1 - date.getUTCDate() : date.getUTCDate()) &&
      hour.has(date.getUTCHours()) &&
      minute.has(date.getUTCMinutes())
    );
  };
  // `~7/2` counts downwards, unlike every other repetition, and has examples of its own.
  const plain = specs.filter(({ fromEnd, day }) => !(fromEnd && day.text.includes("/")));
  const starts = fc.integer({ min: Date.UTC(2019, 0, 1), max: Date.UTC(2030, 0, 1) });

  it("the next occurrence is the first matching minute strictly after", () => {
    fc.assert(
      fc.property(plain, starts, (spec, after) => {
        const next = nextWall(write(spec), after) ?? Number.NaN;
        expect(next).toBeGreaterThan(after);
        const minutes = (Math.min(next, after + 4 * DAY_MS) - after) / MINUTE_MS;
        const upTo = Array.from({ length: Math.floor(minutes) }, (_, i) => nextMinute(after) + i * MINUTE_MS);
        expect(upTo.filter((wall) => wall < next && matches(spec, wall))).toEqual([]);
        expect(matches(spec, next)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it("later questions never get earlier answers", () => {
    fc.assert(
      fc.property(specs, starts, fc.nat(40 * DAY_MS), (spec, after, later) => {
        const [earlier, afterwards] = [after, after + later].map((time) => nextWall(write(spec), time));
        expect(earlier ?? Number.MAX_VALUE).toBeLessThanOrEqual(afterwards ?? Number.MAX_VALUE);
      }),
      { numRuns: 200 },
    );
  });
});
