import fc from "fast-check";
import { expect, test } from "vitest";
import { compare, type Step } from "./compare";
import { differingRows, fromRowColumns, neighbour, toRowColumns } from "./compare-rows";

const step = (ordinal: number, own: Partial<Step>): Step => ({
  ordinal,
  path: "1",
  stageName: null,
  status: "success",
  statusText: null,
  agent: null,
  modelId: null,
  inputTokens: null,
  outputTokens: null,
  costMicros: null,
  contextSizeBytes: null,
  handoffReason: null,
  responseTimeMs: null,
  at: ordinal * 1000,
  toolCalls: null,
  payload: null,
  isSpan: false,
  ...own,
});

const side = fc
  .array(
    fc.record({
      path: fc.constantFrom("1", "2", "2.1", "3"),
      stageName: fc.constantFrom(null, "Plan", "Write"),
      status: fc.constantFrom("success" as const, "failed" as const),
      costMicros: fc.constantFrom(null, 0, 1, 45_000),
      payload: fc.constantFrom(null, { task: 1 }, { task: 2 }),
    }),
    { maxLength: 12 },
  )
  .map((steps) => steps.map((own, at) => step(at, own)));

test("what was packed is unpacked as it was, with the steps that each row is of", () => {
  fc.assert(
    fc.property(side, side, (a, b) => {
      const { steps } = compare({ id: "a", steps: a }, { id: "b", steps: b });
      const cell = (from: Step[], at: number | null) =>
        at === null ? null : { step: at, stageName: from[at]?.stageName, costMicros: from[at]?.costMicros };
      const expected = steps.map(({ kind, class: reason, stage_path: path, step_a, step_b }) => ({
        kind,
        class: reason,
        path,
        a: cell(a, step_a),
        b: cell(b, step_b),
      }));
      const packed = JSON.parse(JSON.stringify(toRowColumns(steps, { a, b })));
      expect(fromRowColumns(packed)).toEqual(expected);
    }),
  );
});

test("ten thousand steps are less than half a megabyte, whatever their payloads are", () => {
  const steps = Array.from({ length: 10_000 }, (_, at) =>
    step(at, { path: String(at % 30), stageName: `Page ${at % 30}`, costMicros: 12_345, payload: "x".repeat(100) }),
  );
  const { steps: compared } = compare({ id: "a", steps }, { id: "b", steps });
  expect(JSON.stringify(toRowColumns(compared, { a: steps, b: steps })).length).toBeLessThan(500_000);
});

test("from one difference to the next, and back", () => {
  const [a, b] = [
    ["1", "2", "3", "4"].map((path, at) => step(at, { path })),
    ["1", "2", "3", "4"].map((path, at) => step(at, { path, payload: at % 2 === 1 ? 1 : null })),
  ];
  const { steps } = compare({ id: "a", steps: a }, { id: "b", steps: b });
  const rows = differingRows(fromRowColumns(toRowColumns(steps, { a, b })));
  expect(rows).toEqual([1, 3]);
  expect([null, 0, 1, 2, 3].map((present) => neighbour(rows, present, "next"))).toEqual([1, 1, 3, 3, null]);
  expect([null, 0, 1, 2, 3].map((present) => neighbour(rows, present, "previous"))).toEqual([null, null, null, 1, 1]);
});
