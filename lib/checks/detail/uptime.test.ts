import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FlipReason, Status } from "@/lib/checks/state";
import { DAY, HOUR } from "@/lib/core/time";
import { type History, outages, pageOfOutages, percentWords, type StatusChange, uptime } from "./uptime";

const NOW = Date.UTC(2026, 0, 31);

/** A history from steps: hours ago, what it became, and why. It begins new. */
function history(sinceHours: number, steps: [hoursAgo: number, to: Status, reason: FlipReason][]): History {
  let from: Status = "new";
  const changes: StatusChange[] = [];
  for (const [hoursAgo, to, reason] of steps) {
    changes.push({ from, to, at: NOW - hoursAgo * HOUR, reason });
    from = to;
  }
  return { since: NOW - sinceHours * HOUR, status: from, changes, now: NOW };
}

describe("uptime", () => {
  test("is unknown before the first signal and while it was only paused", () => {
    expect(uptime(history(48, []), 7 * DAY)).toBeNull();
    expect(uptime(history(48, [[40, "paused", "pause"]]), 7 * DAY)).toBeNull();
  });

  test("counts neither the time before it existed nor while it was new", () => {
    expect(
      uptime(
        history(20, [
          [10, "up", "success"],
          [5, "down", "timeout"],
        ]),
        7 * DAY,
      ),
    ).toBe(0.5);
  });

  test("counts no pause", () => {
    const paused = history(40, [
      [40, "up", "success"],
      [30, "down", "fail"],
      [20, "paused", "pause"],
      [10, "new", "resume"],
      [5, "up", "success"],
    ]);
    expect(uptime(paused, 7 * DAY)).toBe(15 / 25);
  });

  test("looks at the window only", () => {
    const old = history(24 * 80, [
      [24 * 80, "up", "success"],
      [24 * 10, "down", "timeout"],
      [24 * 5, "up", "success"],
    ]);
    expect(uptime(old, 7 * DAY)).toBeCloseTo(5 / 7);
    expect(uptime(old, 30 * DAY)).toBeCloseTo(25 / 30);
    expect(uptime(old, 90 * DAY)).toBeCloseTo(75 / 80);
  });

  test("when old changes are gone, the oldest one kept tells what it was before", () => {
    const at = NOW - DAY;
    const kept: StatusChange = { from: "down", to: "up", at, reason: "success" };
    const known: History = { since: NOW - 300 * DAY, status: "up", changes: [kept], now: NOW };
    expect(uptime(known, 7 * DAY)).toBeCloseTo(1 / 7);
  });

  test("is always a share, and the outages of the window fill what it lacks", () => {
    const status = fc.constantFrom<Status>("up", "down", "paused", "new");
    const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 2000 }), status), { maxLength: 12 });
    fc.assert(
      fc.property(steps, (made) => {
        const ordered = made.toSorted(([a], [b]) => b - a);
        const distinct = ordered.filter(([, to], index) => to !== (ordered[index - 1]?.[1] ?? "new"));
        const seen = history(
          2100,
          distinct.map(([hoursAgo, to]) => [hoursAgo, to, "success"]),
        );
        const share = uptime(seen, 90 * DAY);
        const down = outages(seen, 90 * DAY).reduce((sum, outage) => sum + outage.durationMs, 0);
        if (share !== null) expect(share).toBeGreaterThanOrEqual(0);
        if (share !== null) expect(share).toBeLessThanOrEqual(1);
        // The whole history lies within the window.
        if (share === 1) expect(down).toBe(0);
        if (share === 0) expect(down).toBeGreaterThan(0);
      }),
    );
  });
});

test("outages are listed newest first, one that goes on has no end", () => {
  const seen = history(24 * 200, [
    [24 * 199, "up", "success"],
    [24 * 150, "down", "fail"],
    [24 * 149, "up", "success"],
    [50, "down", "run_timeout"],
    [48, "up", "success"],
    [30, "down", "timeout"],
    [20, "paused", "pause"],
    [10, "new", "resume"],
    [9, "down", "fail"],
  ]);
  expect(outages(seen, 90 * DAY)).toEqual([
    { startedAt: NOW - 9 * HOUR, endedAt: null, durationMs: 9 * HOUR, reason: "fail" },
    { startedAt: NOW - 30 * HOUR, endedAt: NOW - 20 * HOUR, durationMs: 10 * HOUR, reason: "timeout" },
    { startedAt: NOW - 50 * HOUR, endedAt: NOW - 48 * HOUR, durationMs: 2 * HOUR, reason: "run_timeout" },
  ]);
});

describe("pages of outages", () => {
  const flapping = history(
    24 * 80,
    Array.from({ length: 90 }, (_, at) => [1000 - at * 10, at % 2 === 0 ? "down" : "up", "fail"]),
  );
  const all = outages(flapping, 90 * DAY);

  test("go from the newest to the oldest, and leave none out", () => {
    const seen: number[] = [];
    let cursor: string | undefined;
    for (let pages = 1; ; pages += 1) {
      const page = pageOfOutages(all, cursor);
      expect(page.items.length).toBeLessThanOrEqual(20);
      seen.push(...page.items.map(({ startedAt }) => startedAt));
      if (page.nextCursor === null) {
        expect(pages).toBe(3);
        break;
      }
      cursor = page.nextCursor;
    }
    expect(all).toHaveLength(45);
    expect(seen).toEqual(all.map(({ startedAt }) => startedAt));
  });

  test("stay where they are when a newer one comes", () => {
    const { nextCursor } = pageOfOutages(all, undefined);
    const before = pageOfOutages(all, nextCursor ?? "").items;
    const newer = { startedAt: NOW, endedAt: null, durationMs: 0, reason: "fail" as const };
    expect(pageOfOutages([newer, ...all], nextCursor ?? "").items).toEqual(before);
  });

  test("have an end exactly where nothing is left", () => {
    expect(pageOfOutages(all.slice(0, 20), undefined).nextCursor).toBeNull();
    expect(pageOfOutages(all.slice(0, 21), undefined).nextCursor).toBe(String(all[19]?.startedAt));
    expect(pageOfOutages(all, "0").items).toEqual([]);
  });

  test.each(["", "x", "-1", "1e3", "9".repeat(30)])("begin anew for the cursor %j", (cursor) => {
    expect(pageOfOutages(all, cursor)).toEqual(pageOfOutages(all, undefined));
  });
});

test("only what was up all the time has 100%", () => {
  expect([1, 0.999_999, 0.9995, 0.5, 0, null].map(percentWords)).toEqual([
    "100%",
    "99.99%",
    "99.95%",
    "50%",
    "0%",
    "–",
  ]);
});
