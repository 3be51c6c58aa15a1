import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { canonicalTimeZone, nextOccurrence, parseSchedule } from "./schedule";

const DAY_MS = 86_400_000;
const NOON = Date.UTC(2021, 5, 15, 12);

function calendar(expression: string, timeZone = "UTC") {
  return { kind: "calendar", expression, timeZone } as const;
}

describe("parseSchedule", () => {
  test.each([
    ["* * * * *", "cron"],
    [" \t0   9 * *  MON-FRI ", "cron"],
    ["0 0 29 2 MON", "cron"],
    ["daily", "oncalendar"],
    ["Mon..Fri 9:00 Europe/Riga", "oncalendar"],
    ["daily\n12:00", "oncalendar"],
    ["2-30\ndaily", "oncalendar"],
    ["2001-01-01", "oncalendar"],
    ["", null],
    ["  ", null],
    ["nonsense", null],
    ["* * * *", null],
    ["* * * * * *", null],
    ["* * * * *\n* * * * *", null],
    ["0 0 31 2 *", null],
    ["2-30", null],
    ["1999-12-31", null],
    ["Europe/Riga", null],
    ["12:00 Europe/Atlantis", null],
    ["12:00 IST", null],
    [`${"1,".repeat(45)}1 * * * *`, "cron"],
    [`${"1,".repeat(46)}1 * * * *`, null],
  ])("%j is %j", (expression, syntax) => {
    expect(parseSchedule(expression)).toBe(syntax);
  });

  it("never throws and agrees with nextOccurrence", () => {
    const piece = fc.constantFrom(..."0159*/.-:~,#L ".split(""), " * *", "daily", "MON", " UTC", "\n", "\0");
    const text = fc.oneof(
      fc.string({ maxLength: 120 }),
      fc.array(piece, { maxLength: 30 }).map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(text, (expression) => {
        const next = nextOccurrence(calendar(expression), Date.UTC(2000, 0, 1) - 1);
        expect(next !== null).toBe(parseSchedule(expression) !== null);
      }),
      { numRuns: 500 },
    );
  });
});

describe("nextOccurrence", () => {
  it("counts periods from the given instant", () => {
    const hourly = { kind: "period", timeoutSeconds: 3600 } as const;
    expect(nextOccurrence(hourly, NOON)).toBe(NOON + 3_600_000);
    expect(nextOccurrence(hourly, NOON, 3)).toBe(NOON + 3 * 3_600_000);
  });

  it("counts calendar occurrences strictly after the given instant", () => {
    const daily = calendar("0 12 * * *");
    expect(nextOccurrence(daily, NOON)).toBe(NOON + DAY_MS);
    expect(nextOccurrence(daily, NOON - 1)).toBe(NOON);
    expect(nextOccurrence(daily, NOON - 0.5)).toBe(NOON);
    expect(nextOccurrence(daily, NOON, 3)).toBe(NOON + 3 * DAY_MS);
  });

  it("reads wall time in the zone of the schedule, whatever its spelling", () => {
    for (const timeZone of ["Europe/Kyiv", "Europe/Kiev", "europe/kyiv"]) {
      expect(nextOccurrence(calendar("0 12 * * *", timeZone), NOON)).toBe(Date.UTC(2021, 5, 16, 9));
      expect(nextOccurrence(calendar("12:00", timeZone), NOON)).toBe(Date.UTC(2021, 5, 16, 9));
    }
  });

  it("is null when there is no schedule", () => {
    expect(nextOccurrence({ kind: "none" }, NOON)).toBeNull();
    expect(nextOccurrence({ kind: "none" }, NOON, 10)).toBeNull();
  });

  it("is null when nothing is left to expect", () => {
    expect(nextOccurrence(calendar("2021-06-15 13:00\n2021-06-16"), NOON, 2)).toBe(Date.UTC(2021, 5, 16));
    expect(nextOccurrence(calendar("2021-06-15 13:00\n2021-06-16"), NOON, 3)).toBeNull();
    expect(nextOccurrence(calendar("2021-06-15 12:00"), NOON)).toBeNull();
    expect(nextOccurrence(calendar("2021-06-15 12:00"), NOON - 1)).toBe(NOON);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 8.64e15, -8.64e15])(
    "is null at %d",
    (after) => {
      expect(nextOccurrence(calendar("* * * * *"), after)).toBeNull();
      expect(nextOccurrence(calendar("minutely"), after)).toBeNull();
    },
  );

  test.each([
    ["nonsense", "UTC"],
    ["daily", "Europe/Atlantis"],
    ["* * * * *", ""],
    ["* * * * *", "\0"],
    ["daily Europe/Atlantis", "UTC"],
    ["daily\ndaily Europe/Atlantis", "UTC"],
    ["0 0 31 2 *", "UTC"],
  ])("is null for %j in %j", (expression, timeZone) => {
    expect(nextOccurrence(calendar(expression, timeZone), NOON)).toBeNull();
  });

  it("answers alike before and after its cache has turned over", () => {
    const schedule = calendar("30 9 * * MON", "Asia/Kolkata");
    const first = nextOccurrence(schedule, NOON);
    for (let i = 0; i < 1200; i += 1) nextOccurrence(calendar(`${i % 60} ${Math.floor(i / 60)} * * *`), NOON);
    expect(nextOccurrence(schedule, NOON)).toBe(first);
    expect(first).toBe(Date.UTC(2021, 5, 21, 4));
  });
});

describe("laws around clock changes", () => {
  const expressions = fc.constantFrom(
    "* * * * *",
    "*/7 * * * *",
    "30 * * * *",
    "15 2,3 * * *",
    "0 */3 * * *",
    "*/20 1-4 * * SUN",
    "10 0 * * *",
    "0 0 L * *",
    "*:0/10",
    "*:*:0/20",
    "Sun 2..3:30",
    "2:30\n3:15 America/New_York",
  );
  const zones = fc.constantFrom("Europe/Riga", "America/New_York", "America/Santiago", "Australia/Lord_Howe", "UTC");
  const changes = [
    Date.UTC(2021, 2, 28, 1),
    Date.UTC(2021, 9, 31, 1),
    Date.UTC(2021, 2, 14, 7),
    Date.UTC(2021, 10, 7, 6),
  ];
  const others = [
    Date.UTC(2021, 3, 4, 3),
    Date.UTC(2021, 8, 5, 4),
    Date.UTC(2021, 3, 3, 15),
    Date.UTC(2021, 9, 2, 15, 30),
  ];
  const instants = fc
    .tuple(fc.constantFrom(...changes, ...others), fc.integer({ min: -5 * 3_600_000, max: 5 * 3_600_000 }))
    .map(([change, distance]) => change + distance);

  it("strictly after, monotone, and nothing in between", () => {
    fc.assert(
      fc.property(expressions, zones, instants, fc.nat(6 * 3_600_000), (expression, timeZone, after, later) => {
        const schedule = calendar(expression, timeZone);
        const next = nextOccurrence(schedule, after) ?? Number.NaN;
        const nextLater = nextOccurrence(schedule, after + later) ?? Number.NaN;
        expect(next).toBeGreaterThan(after);
        expect(nextLater).toBeGreaterThanOrEqual(next);
        if (after + later < next) expect(nextLater).toBe(next);
        expect(nextOccurrence(schedule, next - 1)).toBe(next);
        // Asked in descending order, the kept answer cannot help.
        expect(nextOccurrence(schedule, after)).toBe(next);
      }),
      { numRuns: 300 },
    );
  });

  it("a leading star fires at every matching minute of the wall clock, and at no other", () => {
    const wild = fc.constantFrom<[string, (hour: number, minute: number) => boolean]>(
      ["* * * * *", () => true],
      ["*/25 * * * *", (_, minute) => minute % 25 === 0],
      ["15 */3 * * *", (hour, minute) => hour % 3 === 0 && minute === 15],
      ["* 1-3 * * *", (hour) => hour >= 1 && hour <= 3],
    );
    fc.assert(
      fc.property(wild, zones, instants, ([expression, fires], timeZone, after) => {
        const clock = new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit" });
        let minute = Math.floor(after / 60_000) * 60_000 + 60_000;
        const showsMatch = () => {
          const [hours = 0, minutes = 0] = clock.format(minute).split(":").map(Number);
          return fires(hours, minutes);
        };
        while (!showsMatch()) minute += 60_000;
        expect(nextOccurrence(calendar(expression, timeZone), after)).toBe(minute);
      }),
      { numRuns: 300 },
    );
  });
});

describe("canonicalTimeZone", () => {
  test.each([
    ["Europe/Riga", "Europe/Riga"],
    ["europe/riga", "Europe/Riga"],
    ["Europe/Kiev", "Europe/Kyiv"],
    ["Europe/Kyiv", "Europe/Kyiv"],
    ["EUROPE/KYIV", "Europe/Kyiv"],
    ["Asia/Calcutta", "Asia/Kolkata"],
    ["Asia/Kolkata", "Asia/Kolkata"],
    ["Africa/Asmara", "Africa/Asmara"],
    ["America/Godthab", "America/Nuuk"],
    ["America/Nipigon", "America/Toronto"],
    ["US/Pacific", "America/Los_Angeles"],
    ["GB", "Europe/London"],
    ["CET", "Europe/Brussels"],
    ["EET", "Europe/Athens"],
    ["EST5EDT", "America/New_York"],
    ["UTC", "UTC"],
    ["utc", "UTC"],
    ["Etc/UTC", "UTC"],
    ["GMT", "UTC"],
    ["Zulu", "UTC"],
    ["Etc/GMT+5", "Etc/GMT+5"],
    ["Europe/Amsterdam", "Europe/Amsterdam"],
    ["Europe/San_Marino", "Europe/San_Marino"],
    ["America/Argentina/Ushuaia", "America/Argentina/Ushuaia"],
  ])("%s is %s today", (name, expected) => {
    expect(canonicalTimeZone(name)).toBe(expected);
  });

  test.each([
    "",
    " ",
    "Europe/Atlantis",
    "Europe/Riga ",
    "+02:00",
    "UTC+2",
    "IST",
    "PST",
    "ACT",
    "SystemV/AST4",
    "__proto__",
    "\0",
  ])("%j is no zone", (name) => {
    expect(canonicalTimeZone(name)).toBeNull();
  });

  it("gives names that stay as they are and can be scheduled in", () => {
    const legacy = [
      "Europe/Kiev",
      "Asia/Rangoon",
      "Pacific/Truk",
      "Iceland",
      "MST7MDT",
      "NZ-CHAT",
      "Pacific/Enderbury",
    ];
    for (const name of [...legacy, ...Intl.supportedValuesOf("timeZone")]) {
      const canonical = canonicalTimeZone(name) ?? "";
      expect([name, canonicalTimeZone(canonical)]).toEqual([name, canonical]);
      expect(nextOccurrence(calendar("daily", canonical), NOON)).not.toBeNull();
    }
  });
});
