import fc from "fast-check";
import { expect, test } from "vitest";
import { DAY, HOUR, MINUTE } from "@/lib/core/time";
import { bucketWidth, MAX_BUCKETS } from "./buckets";

test.each([
  [0, 1000],
  [199_000, 1000],
  [200_000, 2000],
  [HOUR, 30_000],
  [DAY, 10 * MINUTE],
  [30 * DAY, 6 * HOUR],
  [90 * DAY, 12 * HOUR],
  [200 * DAY, 2 * DAY],
])("a series of %d ms has stretches of %d ms", (span, width) => {
  expect(bucketWidth(span)).toBe(width);
});

test("there are never too many of them, wherever the series begins", () => {
  const moment = fc.integer({ min: 0, max: 10 * 365 * DAY });
  fc.assert(
    fc.property(moment, moment, (first, span) => {
      const width = bucketWidth(span);
      const touched = Math.floor((first + span) / width) - Math.floor(first / width) + 1;
      expect(touched).toBeLessThanOrEqual(MAX_BUCKETS);
    }),
  );
});
