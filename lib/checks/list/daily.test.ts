import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Status } from "@/lib/checks/state";
import { DAY } from "@/lib/core/time";
import { type DayOfFlips, type DayState, dailyStates, dayOf, daysInWords } from "./daily";

const NOW = Date.UTC(2026, 10, 21, 15);
const TODAY = dayOf(NOW);
const OLD = { status: "up", createdAt: 0 } as const;
const week = (check: { status: Status; createdAt: number }, flips: DayOfFlips[] = []) =>
  dailyStates(check, flips, { now: NOW, count: 7 }).join(" ");

describe("the worst status of each day", () => {
  test.each<[string, { status: Status; createdAt: number }, DayOfFlips[], string]>([
    ["without any flip it is what it was", OLD, [], "up up up up up up up"],
    [
      "nothing is known before a check existed",
      { ...OLD, createdAt: NOW - 2 * DAY },
      [],
      "none none none none up up up",
    ],
    [
      "a short time down makes a day down, and only that one",
      OLD,
      [{ day: TODAY - 3, began: "up", ended: "up", reached: ["down", "up"] }],
      "up up up down up up up",
    ],
    [
      "what goes on over midnight counts on both days",
      { ...OLD, status: "down" },
      [{ day: TODAY - 1, began: "up", ended: "down", reached: ["down"] }],
      "up up up up up down down",
    ],
    [
      "down until today",
      OLD,
      [{ day: TODAY, began: "down", ended: "up", reached: ["up"] }],
      "down down down down down down down",
    ],
    [
      "a pause is told only where nothing was watched",
      { ...OLD, status: "paused" },
      [{ day: TODAY - 2, began: "up", ended: "paused", reached: ["paused"] }],
      "up up up up up paused paused",
    ],
  ])("%s", (_what, check, flips, expected) => {
    expect(week(check, flips)).toBe(expected);
  });

  test("whatever happened, a day is down exactly when some of it was", () => {
    const statuses = fc.constantFrom<Status>("up", "down", "paused", "new");
    fc.assert(
      fc.property(statuses, fc.array(fc.tuple(fc.nat(13), statuses), { maxLength: 20 }), (start, moves) => {
        const byDay = moves.toSorted(([a], [b]) => a - b);
        let status = start;
        const flips = new Map<number, DayOfFlips>();
        const wasDown = new Array<boolean>(14).fill(false);
        let at = 0;
        for (const [day, to] of [...byDay, [13, "end"] as const]) {
          for (; at < day; at += 1) wasDown[at] ||= status === "down";
          wasDown[day] ||= status === "down";
          if (to === "end") break;
          const before = flips.get(day) ?? { day: TODAY - 13 + day, began: status, ended: status, reached: [] };
          flips.set(day, { ...before, ended: to, reached: [...before.reached, to] });
          status = to;
          wasDown[day] ||= status === "down";
        }
        const days = dailyStates({ status, createdAt: 0 }, [...flips.values()], { now: NOW, count: 14 });
        expect(days.map((day) => day === "down")).toEqual(wasDown);
      }),
    );
  });
});

test.each<[DayState[], string]>([
  [["up", "up", "down"], "Last 3 days: down on 1 day, up on 2 days"],
  [["none", "paused", "new"], "Last 3 days: only paused on 1 day, without a signal on 1 day"],
  [["none"], "Last 1 days: nothing yet"],
])("%j in words", (days, words) => {
  expect(daysInWords(days)).toBe(words);
});
