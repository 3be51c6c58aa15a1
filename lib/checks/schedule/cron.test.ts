import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { compileCron } from "./cron";
import { nextOccurrence } from "./schedule";

const MINUTE_MS = 60_000;
const DAY_MS = 1440 * MINUTE_MS;

function firings(expression: string, [timeZone, after]: [string, string], count: number): string[] {
  const schedule = { kind: "calendar", expression, timeZone } as const;
  return Array.from({ length: count }, (_, i) => {
    const instant = nextOccurrence(schedule, Date.parse(after), i + 1);
    return instant === null ? "never" : new Date(instant).toISOString();
  });
}

function expectFirings(expression: string, start: [string, string], expected: string[]): void {
  const instants = expected.map((time) => new Date(time).toISOString());
  expect(firings(expression, start, expected.length)).toEqual(instants);
}

function nextMinute(wall: number): number {
  return (Math.floor(wall / MINUTE_MS) + 1) * MINUTE_MS;
}

/** Days on which an expression fires at midnight, from 1 January 2020. */
function days(dateFields: string, count: number): string {
  const rule = compileCron(`0 0 ${dateFields}`);
  const found: string[] = [];
  let wall = Date.UTC(2020, 0, 1) - 1;
  while (rule && found.length < count) {
    const next = rule.nextWall(wall);
    if (next === null) break;
    found.push(new Date(next).toISOString().slice(2, 10));
    wall = next;
  }
  return found.join(" ");
}

describe("clock changes, Europe/Riga 2021", () => {
  test.each([
    ["15 3 * * *", "03-27T00:00+02", "03-27T03:15+02 03-28T04:00+03 03-29T03:15+03"],
    ["15 3 * * *", "10-30T00:00+03", "10-30T03:15+03 10-31T03:15+03 11-01T03:15+02"],
    ["0 * * * *", "03-28T01:30+02", "03-28T02:00+02 03-28T04:00+03"],
    ["0 * * * *", "10-31T01:30+03", "10-31T02:00+03 10-31T03:00+03 10-31T03:00+02 10-31T04:00+02"],
    ["30 1,2,3,4,5 * * *", "03-28T01:30+02", "03-28T02:30+02 03-28T04:00+03 03-28T04:30+03"],
    ["30 1,2,3,4,5 * * *", "10-31T01:30+03", "10-31T02:30+03 10-31T03:30+03 10-31T04:30+02"],
    ["0 */3 * * *", "10-31T01:30+03", "10-31T03:00+03 10-31T03:00+02 10-31T06:00+02"],
    ["* 1-6 * * *", "10-31T03:58+03", "10-31T03:59+03 10-31T03:00+02"],
    ["*/30 * * * *", "03-28T02:10+02", "03-28T02:30+02 03-28T04:00+03 03-28T04:30+03"],
    ["30 */2 * * *", "03-28T01:30+02", "03-28T02:30+02 03-28T04:30+03"],
    // A step over a range is a fixed time: only a leading star follows elapsed time.
    ["15 1-5/2 * * *", "03-28T01:30+02", "03-28T04:00+03 03-28T05:15+03"],
    ["15 1-5/2 * * *", "10-31T01:30+03", "10-31T03:15+03 10-31T05:15+02"],
    ["0 2 * * *", "03-28T01:30+02", "03-28T02:00+02 03-29T02:00+03"],
    // Two times inside the gap meet at its end and fire once.
    ["15,45 3 * * *", "03-28T01:30+02", "03-28T04:00+03 03-29T03:15+03"],
    // Asked from inside the second pass of the repeated hour.
    ["45 3 * * *", "10-31T03:10+02", "11-01T03:45+02"],
    ["45 * * * *", "10-31T03:10+02", "10-31T03:45+02 10-31T04:45+02"],
  ])("%s after %s", (expression, after, expected) => {
    const in2021 = (time: string) => `2021-${time}:00`;
    expectFirings(expression, ["Europe/Riga", in2021(after)], expected.split(" ").map(in2021));
  });
});

describe("clock changes elsewhere", () => {
  test.each<[string, [string, string], string[]]>([
    // Half an hour: 02:00 becomes 02:30 on 3 October 2021, 02:00 becomes 01:30 on 4 April.
    ["15 2 * * *", ["Australia/Lord_Howe", "2021-10-02T13:00Z"], ["2021-10-02T15:30Z", "2021-10-03T15:15Z"]],
    ["45 1 * * *", ["Australia/Lord_Howe", "2021-04-03T13:00Z"], ["2021-04-03T14:45Z", "2021-04-04T15:15Z"]],
    [
      "45 * * * *",
      ["Australia/Lord_Howe", "2021-04-03T14:00Z"],
      ["2021-04-03T14:45Z", "2021-04-03T15:15Z", "2021-04-03T16:15Z"],
    ],
    // Midnight itself is skipped in Chile on 5 September 2021.
    ["0 0 * * *", ["America/Santiago", "2021-09-04T12:00Z"], ["2021-09-05T04:00Z", "2021-09-06T03:00Z"]],
    // Samoa skipped the whole of 30 December 2011.
    [
      "0 12 * * *",
      ["Pacific/Apia", "2011-12-29T00:00Z"],
      ["2011-12-29T22:00Z", "2011-12-30T10:00Z", "2011-12-30T22:00Z"],
    ],
    [
      "0 */12 * * *",
      ["Pacific/Apia", "2011-12-29T12:00Z"],
      ["2011-12-29T22:00Z", "2011-12-30T10:00Z", "2011-12-30T22:00Z"],
    ],
    // San Luis set its clocks back twice in a row, in January and in March 2008.
    ["0 * 1 6 *", ["America/Argentina/San_Luis", "2008-01-20T12:00Z"], ["2008-06-01T04:00Z", "2008-06-01T05:00Z"]],
  ])("%s %s", expectFirings);

  it("ends the search for a time that exists in the yearly gap alone", () => {
    expect(firings("* 2 8-14 3 */7", ["America/New_York", "2021-01-01T00:00Z"], 1)).toEqual(["never"]);
  });

  it("fires a fixed time once on every local date", () => {
    const zones = ["Europe/Riga", "America/New_York", "America/Santiago", "Australia/Lord_Howe", "Africa/Casablanca"];
    const clock = fc.record({ minute: fc.nat(59), hour: fc.nat(23), timeZone: fc.constantFrom(...zones) });
    fc.assert(
      fc.property(clock, ({ minute, hour, timeZone }) => {
        const schedule = { kind: "calendar", expression: `${minute} ${hour} * * *`, timeZone } as const;
        const localDate = new Intl.DateTimeFormat("en-CA", { timeZone, dateStyle: "short" });
        let instant = Date.UTC(2021, 0, 10);
        const dates = new Set<string>();
        for (let i = 0; i < 340; i += 1) {
          instant = nextOccurrence(schedule, instant) ?? Number.NaN;
          dates.add(localDate.format(instant));
        }
        expect(dates.size).toBe(340);
        expect(instant).toBeLessThan(Date.UTC(2021, 0, 10) + 341 * DAY_MS);
      }),
      { numRuns: 15 },
    );
  });
});

describe("dates", () => {
  test.each([
    ["1,15 * *", "20-01-01 20-01-15 20-02-01"],
    ["1-5/2 * *", "20-01-01 20-01-03 20-01-05 20-02-01"],
    ["28/2 * *", "20-01-28 20-01-30 20-02-28 20-03-28 20-03-30"],
    ["L * *", "20-01-31 20-02-29 20-03-31 20-04-30"],
    ["l * *", "20-01-31 20-02-29"],
    ["15,L * *", "20-01-15 20-01-31 20-02-15 20-02-29"],
    ["LW * *", "20-01-31 20-02-28 20-03-31 20-04-30 20-05-29"],
    ["* * 5L", "20-01-31 20-02-28 20-03-27 20-04-24"],
    ["* * 7L", "20-01-26 20-02-23"],
    ["* * 0L", "20-01-26 20-02-23"],
    ["* * MON#2", "20-01-13 20-02-10"],
    ["* * 1#2,5L", "20-01-13 20-01-31 20-02-10 20-02-28"],
    ["* * 5,5L", "20-01-03 20-01-10 20-01-17 20-01-24 20-01-31 20-02-07"],
    ["* * 7#1", "20-01-05 20-02-02"],
    ["* * 7", "20-01-05 20-01-12"],
    ["* * 5-7", "20-01-03 20-01-04 20-01-05 20-01-10"],
    ["* * sun-Tue", "20-01-05 20-01-06 20-01-07 20-01-12"],
    ["* * mon,THU", "20-01-02 20-01-06 20-01-09"],
    ["* * */2", "20-01-02 20-01-04 20-01-05 20-01-07"],
    ["1 jan-mar,DEC *", "20-01-01 20-02-01 20-03-01 20-12-01 21-01-01"],
    ["1 FEB/5 *", "20-02-01 20-07-01 20-12-01 21-02-01"],
    ["29 2 *", "20-02-29 24-02-29 28-02-29"],
    // Neither field starts with a star: either is enough.
    ["1 * MON", "20-01-01 20-01-06 20-01-13 20-01-20"],
    ["L 2 1", "20-02-03 20-02-10 20-02-17 20-02-24 20-02-29"],
    ["1-31 1 1", "20-01-01 20-01-02 20-01-03"],
    ["29 2 MON#5", "20-02-29 24-02-29 28-02-29 32-02-29 36-02-29 40-02-29 44-02-29"],
    // One of them starts with a star: both must match.
    ["1-7 * */7", "20-01-05 20-02-02 20-03-01 20-04-05"],
    ["*/100,1-7 * MON", "20-01-06 20-02-03 20-03-02 20-04-06"],
    ["*/28 2 1", "21-02-01 27-02-01 38-02-01 44-02-01 44-02-29"],
  ])("%s", (dateFields, expected) => {
    expect(days(dateFields, expected.split(" ").length)).toBe(expected);
  });
});

describe("rejects", () => {
  const malformed =
    "-1 60 61 ABC 2/ /2 2# #2 1##1 1//2 1/2/3 ¹ 1-1_0 5-1 */0 *-5 1, ,1 1,,2 1- -5 1.5 0x1 1e1 ? @daily +1 %".split(
      " ",
    );
  const positions = ["X * * * *", "* X * * *", "* * X * *", "* * * X *", "* * * * X", "1-X * * * *", "* * * JAN-X *"];
  test.each(positions)("malformed fields in %s", (shape) => {
    for (const text of malformed) expect([text, compileCron(shape.replace("X", text))]).toEqual([text, null]);
  });

  test.each([
    "",
    "* * * *",
    "* * * * * *",
    "* 24 * * *",
    "* * 0 * *",
    "* * 32 * *",
    "* * * 13 *",
    "* * * 0 *",
    "* * * * 8",
    "* * * * 8L",
    "* * * * 1#0",
    "* * * * 1#6",
    "* * * * 5L-6",
    "* * * * 5L#1",
    "* * * * MONL",
    "* * * * L",
    "* * * * JAN",
    "* * * MON *",
    "MON * * * *",
    "* L * * *",
    "* * 15W * *",
    "* * L-3 * *",
    "@daily",
    // Well formed, yet no such day exists.
    "0 0 31 2 *",
    "0 0 30 2 *",
    "0 0 31 4,6,9,11 *",
    "1 1 */100 * MON#4",
    "0 0 */30 4,6,9,11 5L",
  ])("%s", (expression) => {
    expect(compileCron(expression)).toBeNull();
  });

  it("hostile input in little time", () => {
    const hostile = [
      "* * 1,31 4,6,9,11 0#5,1#5,2#5,3#5,4#5,5#5,6#5",
      "* * */30 4,6,9,11 0#5,1#5,2#5,3#5,4#5,5#5,6#5",
      `${"1,".repeat(45)}1 * * * *`,
      `${"1-".repeat(45)}1 * * * *`,
      `*/${"9".repeat(90)} * * * *`,
      `${"9".repeat(90)} * * * *`,
      `0-59/1${",0-59/1".repeat(12)} * * * *`,
      "0 0 29 2 MON#5",
      "* * */29 2 1#5",
    ];
    // What had to try all combinations would take longer than a test may.
    for (const expression of hostile)
      expect(() => compileCron(expression)?.nextWall(Date.UTC(2021, 0, 1))).not.toThrow();
  });

  it("any text without throwing", () => {
    const piece = fc.constantFrom(..."0159*/-,#LW?MON ".split(""), " ", "\t", "JAN", "é", "\0");
    const text = fc.oneof(
      fc.string({ maxLength: 100 }),
      fc.array(piece, { maxLength: 40 }).map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(text, (expression) => {
        const next = compileCron(expression)?.nextWall(0);
        expect(next === undefined || Number.isInteger(next)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe("laws", () => {
  type Field = { text: string; has: (value: number) => boolean };
  const field = (min: number, max: number): fc.Arbitrary<Field> => {
    const number = fc.integer({ min, max });
    return fc.oneof(
      fc.constant({ text: "*", has: () => true }),
      number.map((n) => ({ text: `${n}`, has: (value: number) => value === n })),
      fc
        .integer({ min: 1, max: max - min })
        .map((n) => ({ text: `*/${n}`, has: (value: number) => (value - min) % n === 0 })),
      fc.tuple(number, number).map(([a, b]) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        return { text: `${from}-${to}`, has: (value: number) => value >= from && value <= to };
      }),
      fc.array(number, { minLength: 1, maxLength: 4 }).map((list) => ({
        text: list.join(),
        has: (value: number) => list.includes(value),
      })),
    );
  };
  const expressions = fc.tuple(field(0, 59), field(0, 23), field(1, 31), field(1, 12), field(0, 6));
  const matches = ([minute, hour, day, month, weekday]: [Field, Field, Field, Field, Field], wall: number): boolean => {
    const date = new Date(wall);
    const [onDay, onWeekday] = [day.has(date.getUTCDate()), weekday.has(date.getUTCDay())];
    const both = day.text.startsWith("*") || weekday.text.startsWith("*");
    return (
      minute.has(date.getUTCMinutes()) &&
      hour.has(date.getUTCHours()) &&
      month.has(date.getUTCMonth() + 1) &&
      (both ? onDay && onWeekday : onDay || onWeekday)
    );
  };
  const starts = fc.integer({ min: Date.UTC(2019, 0, 1), max: Date.UTC(2030, 0, 1) });

  it("the next occurrence is the first matching minute strictly after", () => {
    fc.assert(
      fc.property(expressions, starts, (fields, after) => {
        const rule = compileCron(fields.map(({ text }) => text).join(" "));
        fc.pre(rule !== null);
        const next = rule?.nextWall(after) ?? Number.NaN;
        expect(next).toBeGreaterThan(after);
        const minutes = (Math.min(next, after + 4 * DAY_MS) - after) / MINUTE_MS;
        const upTo = Array.from({ length: Math.floor(minutes) }, (_, i) => nextMinute(after) + i * MINUTE_MS);
        expect(upTo.filter((wall) => wall < next && matches(fields, wall))).toEqual([]);
        expect(matches(fields, next)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it("later questions never get earlier answers", () => {
    fc.assert(
      fc.property(expressions, starts, fc.nat(40 * DAY_MS), (fields, after, later) => {
        const rule = compileCron(fields.map(({ text }) => text).join(" "));
        const [earlier, afterwards] = [after, after + later].map((time) => rule?.nextWall(time) ?? Number.MAX_VALUE);
        expect(earlier).toBeLessThanOrEqual(afterwards ?? 0);
      }),
      { numRuns: 200 },
    );
  });
});
