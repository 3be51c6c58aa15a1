import fc from "fast-check";
import { expect, test } from "vitest";
import { dollars, toMicros } from "./money";

test("what was sent is what is shown, to a micro-dollar", () => {
  expect([toMicros(0.045), toMicros(0.1 + 0.2), toMicros(0.000001), dollars(145_001)]).toEqual([
    45_000, 300_000, 1, 0.145001,
  ]);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e12 }), (micros) => {
      expect(toMicros(dollars(micros))).toBe(micros);
    }),
  );
});
