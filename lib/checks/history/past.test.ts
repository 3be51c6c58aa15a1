import { expect, test } from "vitest";
import { type History, uptime } from "@/lib/checks/detail/uptime";
import { HOUR } from "@/lib/core/time";
import { historyWithin } from "./past";

const T0 = Date.UTC(2026, 0, 1);
const at = (hour: number): number => T0 + hour * HOUR;
/** Up from hour 10, down from 20, up from 30; now it is 40. */
const HISTORY: History = {
  since: at(0),
  status: "up",
  changes: [
    { from: "new", to: "up", at: at(10), reason: "success" },
    { from: "up", to: "down", at: at(20), reason: "timeout" },
    { from: "down", to: "up", at: at(30), reason: "success" },
  ],
  now: at(40),
};

test.each([
  ["all of it", null, null, 20 / 30],
  ["only the time up", 10, 20, 1],
  ["half up, half down", 15, 25, 0.5],
  ["only the time down", 22, 28, 0],
  ["the end", 25, null, 10 / 15],
  ["to the future", 25, 400, 10 / 15],
  ["before the first signal", 0, 9, null],
  ["before it existed", -20, -10, null],
  ["the future", 50, 60, null],
])("the uptime of %s", (_, from, to, share) => {
  const range = { from: from === null ? null : at(from), to: to === null ? null : at(to) };
  const { history, windowMs } = historyWithin(HISTORY, range);
  expect(uptime(history, windowMs)).toBe(share);
});

test("a status that came before anything that is kept is known from the next change", () => {
  const kept: History = { ...HISTORY, since: at(0), changes: HISTORY.changes.slice(2) };
  const { history, windowMs } = historyWithin(kept, { from: at(5), to: at(20) });
  expect([history.status, uptime(history, windowMs)]).toEqual(["down", 0]);
});
