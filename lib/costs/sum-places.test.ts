import fc from "fast-check";
import { expect, test } from "vitest";
import { placeSums } from "./sum-places";

const step = (day: string, costMicros: number, agent = "") => ({ day, agent, costMicros });
const open = (day: string, nUnpriced: number, agent = "") => ({ day, agent, nUnpriced });

test("steps are counted on their day, by agent", () => {
  const steps = [step("2026-03-01", 1), step("2026-03-01", 2, "A"), step("2026-03-01", 4)];
  const { sums, days } = placeSums(steps, [open("2026-03-01", 2), open("2026-03-01", 1, "A"), open("2026-02-28", 9)]);
  expect(sums).toEqual([
    { day: "2026-03-01", agent: "", costMicros: 5, nPriced: 2 },
    { day: "2026-03-01", agent: "A", costMicros: 2, nPriced: 1 },
  ]);
  expect([...days.values()]).toEqual(steps.map(({ day }) => day));
});

test("or on the nearest day that has one without a price, and on their own where none has", () => {
  const steps = [step("2026-03-01", 1), step("2026-03-01", 2), step("2026-03-01", 4)];
  const { sums } = placeSums(steps, [open("2026-02-28", 1), open("2026-03-03", 1), open("2026-03-04", 1)]);
  expect(sums).toEqual([
    { day: "2026-02-28", agent: "", costMicros: 1, nPriced: 1 },
    { day: "2026-03-03", agent: "", costMicros: 2, nPriced: 1 },
    { day: "2026-03-01", agent: "", costMicros: 4, nPriced: 0 },
  ]);
});

test("nothing is lost, and no sum gives more than it has", () => {
  const day = fc.integer({ min: 1, max: 9 }).map((number) => `2026-03-0${number}`);
  const agent = fc.constantFrom("", "A");
  const steps = fc.array(fc.record({ day, agent, costMicros: fc.nat(100) }), { maxLength: 30 });
  const sumsOpen = fc.uniqueArray(fc.record({ day, agent, nUnpriced: fc.integer({ min: 1, max: 5 }) }), {
    selector: (one) => `${one.day} ${one.agent}`,
  });
  const total = (numbers: number[]): number => numbers.reduce((sum, one) => sum + one, 0);
  fc.assert(
    fc.property(steps, sumsOpen, (told, opened) => {
      const { sums, days } = placeSums(told, opened);
      expect(total(sums.map(({ costMicros }) => costMicros))).toBe(total(told.map(({ costMicros }) => costMicros)));
      expect(days.size).toBe(told.length);
      for (const sum of sums) {
        const before = opened.find((one) => one.day === sum.day && one.agent === sum.agent)?.nUnpriced ?? 0;
        expect(sum.nPriced).toBeLessThanOrEqual(before);
      }
    }),
  );
});
