import fc from "fast-check";
import { expect, test } from "vitest";
import { compare, type Step } from "./compare";

const step = (ordinal: number, part: Partial<Step> = {}): Step => ({
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
  ...part,
});

const run = (id: string, parts: Partial<Step>[]) => ({ id, steps: parts.map((part, at) => step(at, part)) });

test("totals, differences and the first place that differs", () => {
  const a = run("a", [
    { path: "1", inputTokens: 1000, outputTokens: 200, costMicros: 10_000, payload: { q: 1 } },
    { path: "2", costMicros: 5000 },
    { path: "3" },
  ]);
  const b = run("b", [
    {
      path: "1",
      inputTokens: 1000,
      outputTokens: 200,
      costMicros: 10_000,
      payload: { q: 1 },
      responseTimeMs: 5,
      at: 77,
    },
    { path: "2", costMicros: 30_000, inputTokens: 500 },
    { path: "2.1" },
    { path: "3", at: 9000 },
  ]);
  const compared = compare(a, b);
  expect(compared).toMatchObject({
    instance_a: { id: "a", aggregates: { steps: 3, total_cost_usd: 0.015, total_tokens: 1200, total_time_ms: 2000 } },
    instance_b: {
      id: "b",
      aggregates: { steps: 4, total_cost_usd: 0.04, input_tokens: 1500, output_tokens: 200, total_time_ms: 8923 },
    },
    divergence_step: 1,
    differences: { cost_diff_usd: 0.025, token_diff: 500, time_diff_ms: 6923 },
  });
  expect(
    compared.steps.map(({ kind, class: why, stage_path, changes }) => [kind, why, stage_path, changes.join()]),
  ).toEqual([
    ["same", null, "1", ""],
    ["changed", "output", "2", "input_tokens,cost_usd"],
    ["extra", "extra", "2.1", ""],
    ["same", null, "3", ""],
  ]);
  expect(compared.steps[1]).toMatchObject({ step_a: 1, step_b: 1, cost_diff_usd: 0.025, token_diff: null });
});

test.each<[string, Partial<Step>, Partial<Step>, string | null]>([
  ["the same, whatever the order of its members", { payload: { a: 1, b: 2 } }, { payload: { b: 2, a: 1 } }, null],
  ["moments and response times", { at: 1, responseTimeMs: 1 }, { at: 2, responseTimeMs: 2 }, null],
  ["another payload", { payload: { a: 1 } }, { payload: { a: 2 } }, "input"],
  ["no payload", { payload: { a: 1 } }, {}, "input"],
  ["another model", { modelId: "x" }, { modelId: "y" }, "output"],
  ["another agent", { agent: "x" }, { agent: "y" }, "output"],
  ["an unknown cost", { costMicros: 0 }, { costMicros: null }, "output"],
  [
    "another hash of the input",
    { payload: { input_hash: "a", out: 1 } },
    { payload: { input_hash: "b", out: 1 } },
    "input",
  ],
  [
    "another answer to the same hash",
    { payload: { input_hash: "a", out: 1 } },
    { payload: { input_hash: "a", out: 2 } },
    "output",
  ],
  [
    "another answer to the same input",
    { payload: { input: [1], output: 1 } },
    { payload: { input: [1], output: 2 } },
    "output",
  ],
  ["another input", { payload: { input: [1], output: 1 } }, { payload: { input: [2], output: 1 } }, "input"],
  ["an input that one side alone tells", { payload: { input: [1] } }, { payload: { output: 1 } }, "input"],
  ["a failure", { payload: 1 }, { payload: 2, status: "failed" }, "error"],
  ["other words", { statusText: "no" }, { statusText: "never" }, "output"],
  ["another failure", { status: "failed", statusText: "a" }, { status: "failed", statusText: "b" }, "output"],
  ["another tool", { toolCalls: [{ tool_name: "a" }] }, { toolCalls: [{ tool_name: "b" }] }, "output"],
  ["a tool that failed", { toolCalls: [{ success: true }] }, { toolCalls: [{ success: false }] }, "output"],
  ["a tool of one side", { toolCalls: [{ tool_name: "a" }] }, {}, "output"],
  [
    "the same tool at another time",
    { toolCalls: [{ tool_name: "a", call_id: "1", latency_ms: 5 }] },
    { toolCalls: [{ tool_name: "a", call_id: "2", latency_ms: 7 }] },
    null,
  ],
  [
    "ids and times of a span",
    { isSpan: true, payload: { attributes: { "gen_ai.response.id": "a" } } },
    { isSpan: true, payload: { attributes: { "gen_ai.response.id": "b", "ai.response.msToFinish": 4 } } },
    null,
  ],
  [
    "ids that a signal told",
    { payload: { attributes: { "gen_ai.response.id": "a" } } },
    { payload: { attributes: { "gen_ai.response.id": "b" } } },
    "input",
  ],
])("%s", (_, a, b, expected) => {
  const { steps, divergence_step } = compare(run("a", [a]), run("b", [b]));
  expect(steps[0]?.class).toBe(expected);
  expect(divergence_step).toBe(expected === null ? null : 0);
});

test("where payloads differ is told, as far as it can be shown", () => {
  const long = "x".repeat(2000);
  const a = { path: "1", payload: { same: 1, list: [1, 2], text: "short" } };
  const b = { path: "1", payload: { same: 1, list: [1, 3], text: long } };
  expect(compare(run("a", [a]), run("b", [b])).steps[0]?.payload_changes).toEqual([
    { path: "/list/1", is: "changed", before: 2, after: 3 },
    { path: "/text", is: "changed", before: "short", after: undefined },
  ]);
  const many = Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`n${at}`, at]));
  const { steps } = compare(run("a", [{ payload: {} }]), run("b", [{ payload: many }]));
  expect(steps[0]?.payload_changes).toHaveLength(50);
  expect(compare(run("a", [a]), run("b", [a])).steps[0]?.payload_changes).toEqual([]);
  const wide = (mark: string) => Array.from({ length: 2000 }, () => ({ payload: { a: mark.repeat(900), b: mark } }));
  const answer = JSON.stringify(compare(run("a", wide("x")), run("b", wide("y"))).steps);
  expect(answer.length).toBeLessThan(2_000_000);
  expect(answer).toContain("x".repeat(900));
});

test("what differs is named, and of spans no place is told where ids or times are", () => {
  const span = (id: string, text: string): Partial<Step> => ({
    isSpan: true,
    statusText: text,
    toolCalls: [{ tool_name: text, call_id: id }],
    payload: { input: null, output: text, attributes: { "gen_ai.response.id": id } },
  });
  const { steps } = compare(run("a", [span("1", "yes")]), run("b", [span("2", "no")]));
  expect(steps[0]).toMatchObject({
    class: "output",
    changes: ["status_text", "tool_calls", "payload"],
    payload_changes: [{ path: "/output", is: "changed", before: "yes", after: "no" }],
  });
});

test("what both have at another place differs in its order", () => {
  const { steps } = compare(
    run("a", [{ path: "1" }, { path: "2" }, { path: "3" }]),
    run("b", [{ path: "2" }, { path: "1" }, { path: "4" }]),
  );
  expect(steps.map(({ kind, class: why, stage_path }) => `${kind} ${why} ${stage_path}`)).toEqual([
    "missing order 1",
    "same null 2",
    "missing missing 3",
    "extra order 1",
    "extra extra 4",
  ]);
});

test("of nothing there is nothing", () => {
  expect(compare(run("a", []), run("b", []))).toMatchObject({
    divergence_step: null,
    steps: [],
    differences: { time_diff_ms: 0 },
  });
});

const any = fc.record({
  path: fc.constantFrom("1", "2", "2.1", "3"),
  status: fc.constantFrom("success" as const, "failed" as const),
  agent: fc.constantFrom(null, "x", "y"),
  inputTokens: fc.option(fc.nat(1e6)),
  outputTokens: fc.option(fc.nat(1e6)),
  costMicros: fc.option(fc.nat(1e9)),
  responseTimeMs: fc.option(fc.nat(1e6)),
  statusText: fc.constantFrom(null, "so"),
  toolCalls: fc.constantFrom(null, [{ tool_name: "x" }], [{ tool_name: "y" }]),
  isSpan: fc.constant(true),
  payload: fc.constantFrom(null, { a: 1 }, { input: [{ role: "user", content: "a" }], attributes: { top_k: 1 } }),
});
const history = fc.array(any, { maxLength: 10 });

test("an instance beside itself is the same", () => {
  fc.assert(
    fc.property(history, (parts) => {
      const compared = compare(run("a", parts), run("a", parts));
      expect(compared.divergence_step).toBeNull();
      expect(compared.steps.every(({ kind }) => kind === "same")).toBe(true);
      expect(compared.differences).toEqual({ cost_diff_usd: 0, token_diff: 0, time_diff_ms: 0 });
    }),
  );
});

test("the other way round differences change their sign, and they part at the same place", () => {
  const positive = (value: number): number => value + 0; // −0 is 0
  fc.assert(
    fc.property(history, history, (a, b) => {
      const [there, back] = [compare(run("a", a), run("b", b)), compare(run("b", b), run("a", a))];
      expect(back.divergence_step).toBe(there.divergence_step);
      const { cost_diff_usd: cost, token_diff: tokens, time_diff_ms: time } = there.differences;
      expect(back.differences).toEqual({
        cost_diff_usd: positive(-cost),
        token_diff: positive(-tokens),
        time_diff_ms: positive(-time),
      });
    }),
  );
});

test("everything before the first place that differs is the same", () => {
  fc.assert(
    fc.property(history, history, (a, b) => {
      const { divergence_step: at } = compare(run("a", a), run("b", b));
      // What a step is compared by, said once more; alike from the start, both sides are at the same place.
      const said = ({ responseTimeMs: _, ...part }: Partial<Step>): string => JSON.stringify(part);
      const alike = a.findIndex((part, index) => b[index] === undefined || said(part) !== said(b[index] ?? {}));
      const first = alike === -1 ? a.length : alike;
      expect(at).toBe(first === a.length && a.length === b.length ? null : first);
    }),
  );
});
