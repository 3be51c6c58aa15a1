import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type FlipEntry,
  kindsIn,
  type LogEntry,
  type LogPosition,
  type MissEntry,
  mergeLog,
  type PingEntry,
  sizeWords,
} from "./log";

const at = (ms: number): string => new Date(ms).toISOString();

function ping(n: number, ms: number): PingEntry {
  const rest = {
    remote_addr: null,
    method: "GET",
    user_agent: "",
    duration_ms: null,
    exit_status: null,
    rid: null,
    source: "healthchecks",
    details: null,
    body_bytes: 0,
  };
  return { type: "ping", n, kind: "success", at: at(ms), ...rest };
}

const flip = (seq: number, ms: number): FlipEntry => ({
  type: "flip",
  seq,
  at: at(ms),
  from: "up",
  to: "down",
  reason: "fail",
});

const miss = (ms: number): MissEntry => ({ type: "miss", at: at(ms) });

const nameOf = (entry: LogEntry): string => {
  if (entry.type === "miss") return `m${Date.parse(entry.at)}`;
  return entry.type === "ping" ? `p${entry.n}` : `f${entry.seq}`;
};

test("a change comes after the ping that made it, and so stands above it", () => {
  const pings = [ping(3, 300), ping(2, 200), ping(1, 100)];
  const merged = mergeLog({ pings, flips: [flip(2, 250), flip(1, 100)], misses: [miss(240)] }, [9, 9, 999]);
  expect(merged.map(({ entry }) => nameOf(entry))).toEqual(["p3", "f2", "m240", "p2", "f1", "p1"]);
  expect(merged.map(({ behind }) => behind)).toEqual([
    [3, 9, 999],
    [3, 2, 999],
    [3, 2, 240],
    [2, 2, 240],
    [2, 1, 240],
    [1, 1, 240],
  ]);
});

test("pages of any size hold every entry once, whatever the clocks said", () => {
  const times = fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 30 });
  fc.assert(
    fc.property(times, times, fc.uniqueArray(fc.nat(50)), fc.integer({ min: 1, max: 7 }), (...drawn) => {
      const [pingTimes, flipTimes, missTimes, size] = drawn;
      const misses = missTimes.toSorted((a, b) => b - a).map(miss);
      const pings = pingTimes.map((ms, index) => ping(pingTimes.length - index, ms));
      const flips = flipTimes.map((ms, index) => flip(flipTimes.length - index, ms));
      const seen: string[] = [];
      let position: LogPosition = [1000, 1000, 1000];
      for (;;) {
        const [n, seq, missedMs] = position;
        const left = mergeLog(
          {
            pings: pings.filter((one) => one.n < n).slice(0, size + 1),
            flips: flips.filter((one) => one.seq < seq).slice(0, size + 1),
            misses: misses.filter((one) => Date.parse(one.at) < missedMs).slice(0, size + 1),
          },
          position,
        );
        const page = left.slice(0, size);
        seen.push(...page.map(({ entry }) => nameOf(entry)));
        position = page.at(-1)?.behind ?? position;
        if (left.length <= size) break;
      }
      expect(seen.toSorted()).toEqual([...pings, ...flips, ...misses].map(nameOf).toSorted());
    }),
  );
});

test("kinds are read from an address, and what is none is left out", () => {
  expect(kindsIn("")).toEqual([]);
  expect(kindsIn("status,fail,nonsense,fail")).toEqual(["fail", "status"]);
});

test("sizes are short", () => {
  expect([0, 999, 1000, 9840].map(sizeWords)).toEqual(["0 B", "999 B", "1 kB", "9.8 kB"]);
});
