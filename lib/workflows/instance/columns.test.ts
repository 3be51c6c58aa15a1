import fc from "fast-check";
import { expect, test } from "vitest";
import { fromColumns, type TrackStep, toColumns } from "./columns";

const text = fc.constantFrom("1", "2.1", "Train", "agent-7", "");
const step: fc.Arbitrary<TrackStep> = fc.record({
  path: fc.constantFrom("1", "2.1", "10"),
  name: fc.option(text),
  agent: fc.option(text),
  at: fc.nat({ max: 1_800_000_000_000 }),
  isFailed: fc.boolean(),
  isFinal: fc.boolean(),
});

test("steps come out of their columns as they went in, also through JSON", () => {
  const survives = (steps: TrackStep[], first: number): void => {
    expect(fromColumns(JSON.parse(JSON.stringify(toColumns(first, steps))))).toEqual(steps);
  };
  fc.assert(fc.property(fc.array(step, { maxLength: 30 }), fc.nat(), survives));
});

test("each text is sent once, and a step costs a few bytes", () => {
  const steps = Array.from({ length: 1000 }, (_, index) => ({
    path: String((index % 20) + 1),
    name: `A stage with a name ${index % 20}`,
    agent: "worker",
    at: 1_790_000_000_000 + index * 250,
    isFailed: false,
    isFinal: index === 999,
  }));
  const columns = toColumns(500, steps);
  expect(columns.texts).toHaveLength(41);
  expect(columns.final).toEqual([1499]);
  expect(JSON.stringify(columns).length / steps.length).toBeLessThan(20);
});
