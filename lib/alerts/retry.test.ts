import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { HOUR, MINUTE, SECOND } from "@/lib/core/time";
import { parseRetryAfter, retryDelay } from "./retry";

const attempts = fc.integer({ min: 1, max: 8 });
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const retryAfterMs = fc.option(fc.integer({ min: 0, max: 100 * HOUR }));

describe("the ladder", () => {
  test.each([
    [1, 5 * SECOND],
    [2, 30 * SECOND],
    [3, 2 * MINUTE],
    [4, 10 * MINUTE],
    [5, 30 * MINUTE],
    [6, 2 * HOUR],
    [7, 5 * HOUR],
    [8, 10 * HOUR],
    [9, null],
    [50, null],
  ])("after %d tries: %s ms", (tries, delay) =>
    expect(retryDelay({ attempts: tries, random: 0.5, retryAfterMs: null })).toBe(delay),
  );

  test("jitter moves a wait by a fifth at most", () => {
    fc.assert(
      fc.property(attempts, random, (tries, by) => {
        const middle = retryDelay({ attempts: tries, random: 0.5, retryAfterMs: null }) ?? 0;
        const delay = retryDelay({ attempts: tries, random: by, retryAfterMs: null }) ?? 0;
        return delay >= Math.floor(middle * 0.8) && delay <= Math.ceil(middle * 1.2);
      }),
    );
    expect(retryDelay({ attempts: 1, random: 0, retryAfterMs: null })).toBe(4 * SECOND);
  });

  test("never before the receiver allows it, unless that is more than an hour away", () => {
    fc.assert(
      fc.property(attempts, random, retryAfterMs, (tries, by, wish) => {
        const plain = retryDelay({ attempts: tries, random: by, retryAfterMs: null }) ?? 0;
        const delay = retryDelay({ attempts: tries, random: by, retryAfterMs: wish }) ?? 0;
        return delay >= plain && delay >= Math.min(wish ?? 0, HOUR) && delay <= Math.max(plain, HOUR);
      }),
    );
  });

  test("a wish does not lengthen the ladder itself", () =>
    expect(retryDelay({ attempts: 9, random: 0.5, retryAfterMs: 1 })).toBeNull());
});

describe("Retry-After", () => {
  const now = Date.UTC(2026, 10, 20, 12, 0, 0);
  test.each([
    ["120", 120 * SECOND],
    [" 0 ", 0],
    ["Fri, 20 Nov 2026 12:01:00 GMT", MINUTE],
    ["Friday, 20-Nov-26 12:01:00 GMT", MINUTE],
    ["Fri, 20 Nov 2026 11:00:00 GMT", 0],
    ["-5", null],
    ["1.5", null],
    ["soon", null],
    ["2026-11-20", null],
    ["Fri, 99 Nov 2026 12:01:00 GMT", null],
    ["", null],
    [undefined, null],
  ])("%j is %s ms", (header, expected) => expect(parseRetryAfter(header, now)).toBe(expected));

  test("nothing a receiver sends breaks it", () => {
    fc.assert(fc.property(fc.string(), (header) => (parseRetryAfter(header, now) ?? 0) >= 0));
  });
});
