import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileOnCalendar } from "./oncalendar";
import { onCalendarInWords } from "./oncalendar-words";

describe("an OnCalendar expression in words", () => {
  test.each([
    ["minutely", "Every minute"],
    ["hourly", "Every hour"],
    ["daily", "At 00:00 every day"],
    ["weekly", "At 00:00, on Monday"],
    ["monthly", "At 00:00, on day 1 of the month"],
    ["quarterly", "At 00:00, on day 1 of January, April, July and October"],
    ["yearly", "At 00:00, on day 1 of January"],
    ["Mon..Fri 09:00", "At 09:00, Monday to Friday"],
    ["Sat,Sun 10:00 Europe/Berlin", "At 10:00, on Saturday and Sunday, in Europe/Berlin"],
    ["09,12,17:00", "At 09:00, 12:00 and 17:00 every day"],
    ["*-*-01,15 03:00:30", "At 03:00:30, on days 1 and 15 of the month"],
    ["*-*~1 06:00", "At 06:00, on the last day of the month"],
    ["*-02~3,2 06:00", "At 06:00, on the 2nd last and 3rd last day of February"],
    ["Mon *-*-1..7 08:00", "At 08:00, on days 1 to 7 of the month, if that is Monday"],
    ["Sat,Sun *-1..3-* 08:00", "At 08:00, in January to March, on Saturday and Sunday"],
    ["2027-01-01..02 06:00", "At 06:00, on days 1 and 2 of January, in 2027"],
    ["2027..2199-*-* 12:00", "At 12:00, from 2027 on"],
    ["*:*:*", "Every second"],
    ["*:*:0/10", "Every 10 seconds"],
    ["*:*:5", "At second 5 of every minute"],
    ["*:0/15", "Every 15 minutes"],
    ["*:0/7", "Every 7 minutes from minute 0 to 56"],
    ["*:05", "At minute 5 of every hour"],
    ["*:07:30", "At second 30 of minute 7 of every hour"],
    ["9..17:00", "Every hour from 09:00 to 17:00"],
    ["0/2:00", "Every 2 hours"],
    ["9..17:0/15", "Every 15 minutes, from 09:00 to 17:59"],
    ["0/2:30", "At minute 30, in every 2nd hour"],
    ["1/3:15", "At minute 15, in every 3rd hour from 01:00 to 22:59"],
    ["0,6,12:0,20,40", "At minutes 0, 20 and 40, in the hours 0, 6 and 12"],
    ["daily\nMon 12:30", "At 00:00 every day; and at 12:30, on Monday"],
  ])("%s", (expression, words) => {
    expect(onCalendarInWords(expression)).toBe(words);
  });

  test("is null for what is none", () => {
    expect(onCalendarInWords("nonsense")).toBeNull();
    expect(onCalendarInWords("daily\nnonsense")).toBeNull();
  });

  test("is the same only for what fires at the same moments", () => {
    const part = (...choices: string[]) => fc.constantFrom(...choices);
    const sixty = part("*", "0", "5", "30", "0/2", "1/2", "0/7", "0/15", "3/15", "0,30", "0..9", "50..59", "0..57/3");
    const time = fc
      .tuple(part("*", "0", "9", "9..17", "0/2", "1/2", "8..20/3", "0,6,12", "0..12", "18..23"), sixty, sixty)
      .map((parts) => parts.join(":"));
    const date = fc
      .tuple(
        part("", "Mon ", "Mon,Tue ", "Mon..Fri ", "Sat,Sun ", "Mon,Wed..Fri "),
        part("*", "1", "1,2", "1..3", "2/3", "12"),
        part("-*", "-1", "-1,15", "-1..7", "-31", "~1", "~3", "~2,1"),
      )
      .map((parts) => `${parts.join("")} 9:00`);
    const seen = new Map<string, string>();
    const moments = (text: string): string => {
      const next = compileOnCalendar(text)?.[0]?.nextWall ?? (() => null);
      const found: (number | null)[] = [];
      let at: number | null = Date.UTC(2026, 0, 1);
      for (let count = 0; count < 400 && at !== null; count += 1) {
        at = next(at);
        found.push(at);
      }
      return JSON.stringify(found);
    };
    fc.assert(
      fc.property(fc.oneof(time, date), (text) => {
        const words = onCalendarInWords(text) ?? "";
        expect(words).toMatch(/^(At|Every) [\w:, ;]+$/);
        const fires = moments(text);
        expect(seen.get(words) ?? fires).toBe(fires);
        seen.set(words, fires);
      }),
      { numRuns: 2000 },
    );
  });
});
