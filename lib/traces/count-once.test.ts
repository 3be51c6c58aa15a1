import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { childrenFirst } from "./children-first";
import { type Before, countOnce } from "./count-once";
import { type ToldSpan, tell } from "./gen-ai";
import type { Attributes, Value } from "./span";

const NONE: Before = { tail: [], costWithin: new Map() };
/** Any moment: 0 is one that was not told. */
const EPOCH = 1_000_000;
type Of = { parent?: string; from?: number; to?: number; attributes?: Record<string, Value> };

function span(spanId: string, { parent, from = 0, to = 100, attributes = {} }: Of = {}): ToldSpan {
  const own = {
    traceId: "t",
    spanId,
    parentSpanId: parent ?? null,
    name: spanId,
    startMs: EPOCH + from,
    endMs: EPOCH + to,
  };
  return tell({ ...own, attributes: attributes as Attributes, events: [], isError: false, statusMessage: "" });
}
const usage = (input: number, cost?: number): Record<string, Value> => ({
  "gen_ai.usage.input_tokens": input,
  "gen_ai.usage.output_tokens": 1,
  ...(cost !== undefined && { "gen_ai.usage.cost": cost }),
});
const chat = (id: string, of: Of = {}) =>
  span(id, { ...of, attributes: { "gen_ai.operation.name": "chat", ...of.attributes } });
const agent = (id: string, of: Of = {}) =>
  span(id, { ...of, attributes: { "gen_ai.operation.name": "invoke_agent", ...of.attributes } });
const unknown = (id: string, of: Of = {}) => span(id, { ...of, attributes: { "gen_ai.x": 1, ...of.attributes } });
const counted = (spans: ToldSpan[], before = NONE) => countOnce(spans, before).map(({ isCounted }) => isCounted);

describe("usage counts once in a trace", () => {
  test("of calls, and not of what holds them", () => {
    const spans = [
      chat("a", { parent: "p", attributes: usage(10) }),
      chat("b", { parent: "p", attributes: usage(20) }),
      agent("p", { attributes: usage(30) }),
    ];
    expect(counted(spans)).toEqual([true, true, false]);
  });

  test("of two instrumentations of one call the inner one", () => {
    const spans = [
      chat("inner", { parent: "http", attributes: usage(10) }),
      span("http", { parent: "outer" }),
      chat("outer", { attributes: usage(10) }),
    ];
    expect(counted(spans)).toEqual([true, false, false]);
  });

  test("of a call that makes another one both", () => {
    const spans = [chat("inner", { parent: "outer", attributes: usage(10) }), chat("outer", { attributes: usage(99) })];
    expect(counted(spans)).toEqual([true, true]);
  });

  test("of no known kind when nothing below it counts", () => {
    expect(
      counted([unknown("leaf", { parent: "p", attributes: usage(5) }), unknown("p", { attributes: usage(5) })]),
    ).toEqual([true, false]);
  });

  test("also when what is below came before, with something between", () => {
    const tail = [
      { spanId: "chat", parentSpanId: "agent", inputTokens: 10, outputTokens: 1, costMicros: 400_000 },
      { spanId: "agent", parentSpanId: "root", inputTokens: null, outputTokens: null, costMicros: null },
    ];
    const before: Before = { tail, costWithin: new Map([["root", 400_000]]) };
    const root = unknown("root", { attributes: usage(10, 1) });
    expect(countOnce([root], before)).toMatchObject([{ isCounted: false, gapMicros: 600_000 }]);
    const later = chat("later", { parent: "agent", attributes: usage(20) });
    expect(countOnce([later, root], before)).toMatchObject([
      { isCounted: true, isCovered: true },
      { isCounted: false, gapMicros: 600_000 },
    ]);
  });

  test("of an outermost span of no known kind what steps long ago do not account for", () => {
    const before: Before = { tail: [], costWithin: new Map([["root", 400_000]]) };
    expect(countOnce([unknown("root", { attributes: usage(10, 1) })], before)).toMatchObject([
      { isCounted: false, gapMicros: 600_000 },
    ]);
    // Beside others it may be a call of its own.
    const beside = unknown("leaf", { parent: "root", attributes: usage(10, 1) });
    const within: Before = { tail: [], costWithin: new Map([["leaf", 400_000]]) };
    expect(countOnce([beside], within)).toMatchObject([{ isCounted: true, costMicros: 1_000_000 }]);
  });

  test("also when what is below came before", () => {
    const tail = [{ spanId: "inner", parentSpanId: "outer", inputTokens: 10, outputTokens: 1, costMicros: 7 }];
    const before: Before = { tail, costWithin: new Map() };
    expect(counted([chat("outer", { attributes: usage(10) })], before)).toEqual([false]);
    expect(counted([unknown("outer", { attributes: usage(50) })], before)).toEqual([false]);
    expect(counted([chat("other", { attributes: usage(10) })], before)).toEqual([true]);
  });

  test("a ring of parents comes to an end", () => {
    expect(
      counted([chat("a", { parent: "b", attributes: usage(1) }), chat("b", { parent: "a", attributes: usage(2) })]),
    ).toEqual([true, true]);
  });
});

describe("costs that are told on the outermost span alone", () => {
  const gaps = (spans: ToldSpan[], before = NONE) => countOnce(spans, before).map(({ gapMicros }) => gapMicros);

  test("are kept as its own as far as nothing within it accounts for them", () => {
    const inner = { parent: "p", from: 10, to: 20 };
    expect(gaps([chat("a", { ...inner, attributes: usage(1, 0.3) }), agent("p", { attributes: usage(1, 1) })])).toEqual(
      [0, 700_000],
    );
    expect(gaps([chat("a", { ...inner, attributes: usage(1) }), agent("p", { attributes: usage(1, 1) })])).toEqual([
      0, 1_000_000,
    ]);
    expect(gaps([chat("a", { ...inner, attributes: usage(1, 2) }), agent("p", { attributes: usage(1, 1) })])).toEqual([
      0, 0,
    ]);
  });

  test("what was outside of its time is no part of it", () => {
    expect(
      gaps([chat("a", { from: 200, to: 300, attributes: usage(1, 0.3) }), agent("p", { attributes: usage(1, 1) })]),
    ).toEqual([0, 1_000_000]);
  });

  test("of one in another only once", () => {
    const spans = [
      agent("in", { parent: "out", from: 10, to: 90, attributes: usage(1, 1) }),
      agent("out", { attributes: usage(1, 1) }),
    ];
    expect(gaps(spans)).toEqual([1_000_000, 0]);
  });

  test("also when what cost something came before", () => {
    const before: Before = { tail: [], costWithin: new Map([["p", 400_000]]) };
    expect(gaps([agent("p", { attributes: usage(1, 1) })], before)).toEqual([600_000]);
  });

  test("of one call told twice the inner one's, or the outer one's when that alone tells it", () => {
    const outer = chat("outer", { attributes: usage(1, 1) });
    expect(gaps([chat("a", { parent: "outer", attributes: usage(1, 1) }), outer])).toEqual([0, 0]);
    expect(gaps([chat("a", { parent: "outer", attributes: usage(1) }), outer])).toEqual([0, 1_000_000]);
  });
});

test("children come first, and nothing is lost or told twice", () => {
  const spans = fc.array(fc.tuple(fc.nat(9), fc.option(fc.nat(9))), { maxLength: 12 });
  fc.assert(
    fc.property(spans, (pairs) => {
      const all = pairs.map(([id, parent], at) => ({
        spanId: String(id),
        parentSpanId: parent === null || parent === undefined ? null : String(parent),
        at,
      }));
      const sorted = childrenFirst(all);
      expect([...sorted].sort((a, b) => a.at - b.at)).toEqual(all);
      const isTree = all.every(
        ({ spanId, parentSpanId }) => parentSpanId === null || Number(parentSpanId) < Number(spanId),
      );
      if (!isTree) return;
      for (const [at, { spanId }] of sorted.entries())
        for (const later of sorted.slice(at + 1)) expect(later.parentSpanId).not.toBe(spanId);
    }),
  );
  const deep = Array.from({ length: 50_000 }, (_, at) => ({ spanId: String(at), parentSpanId: String(at - 1) }));
  expect(childrenFirst(deep)[0]?.spanId).toBe("49999");
});

describe("prices", () => {
  // $2.50 and $10 a million tokens (GPT-4o, openai.com/api/pricing).
  const model = { "gen_ai.request.model": "gpt-4o" };
  const million = { ...model, ...usage(1_000_000) };
  const costs = (spans: ToldSpan[]) => countOnce(spans, NONE).map(({ costMicros }) => costMicros);

  test("what is not told is computed, of calls and of leaves of no known kind", () => {
    expect(costs([chat("a", { attributes: million }), unknown("b", { attributes: million })])).toEqual([
      2_500_010, 2_500_010,
    ]);
    expect(costs([chat("a", { attributes: { ...model, ...usage(1_000_000, 1) } })])).toEqual([1_000_000]);
  });

  test("what holds calls costs nothing of its own", () => {
    const call = chat("a", { parent: "p", attributes: million });
    expect(costs([call, agent("p", { attributes: million })])).toEqual([2_500_010, null]);
  });

  test("what the outermost span tells of all wins over what would be computed, also when it is less", () => {
    const call = chat("a", { parent: "p", attributes: million });
    expect(costs([call, agent("p", { attributes: usage(1_000_000, 0.5) })])).toEqual([0, 500_000]);
    expect(countOnce([call, agent("p", { attributes: usage(1, 0.5) })], NONE)[0]).toMatchObject({ isCovered: true });
  });

  test("a whole covers what lies below it, and nothing beside it", () => {
    const call = (id: string, parent: string) => chat(id, { parent, attributes: million });
    const told = (id: string, cost: number) => agent(id, { parent: "root", attributes: usage(1, cost) });
    const root = agent("root");
    expect(costs([call("a", "p"), told("p", 1), call("b", "q"), agent("q", { parent: "root" }), root])).toEqual([
      0,
      1_000_000,
      2_500_010,
      null,
      null,
    ]);
    // Nothing at all is not what a call costs, and the fee of a tool is its own.
    expect(costs([call("a", "p"), told("p", 0), root])[0]).toBe(2_500_010);
    const tool = { "gen_ai.operation.name": "execute_tool", "gen_ai.usage.cost": 0.25 };
    const fee = span("t", { parent: "root", attributes: tool });
    expect(costs([call("a", "root"), fee, root])).toEqual([2_500_010, 250_000, null]);
  });

  test("agents beside each other that tell what they cost count both, also within the same time", () => {
    const one = (id: string) => agent(id, { parent: "root", from: 0, to: 10, attributes: usage(1, 1) });
    const within = chat("c", { parent: "two", from: 2, to: 8, attributes: { ...model, ...usage(5, 0.4) } });
    expect(costs([one("one"), within, one("two"), agent("root")])).toEqual([1_000_000, 400_000, 600_000, null]);
    const whole = agent("root", { attributes: usage(9, 3) });
    expect(costs([one("one"), within, one("two"), whole])).toEqual([1_000_000, 400_000, 600_000, 1_000_000]);
  });

  test("what lies below a span that has not come is measured by its time", () => {
    const call = chat("c", { parent: "elsewhere", from: 2, to: 8, attributes: { ...model, ...usage(5, 0.4) } });
    const told = agent("p", { parent: "root", from: 0, to: 10, attributes: usage(1, 1) });
    expect(costs([call, told, agent("root")])).toEqual([400_000, 600_000, null]);
  });

  test("a call that comes after the outermost span that told the whole costs nothing of its own", () => {
    const root = { spanId: "root", parentSpanId: null, inputTokens: null, outputTokens: null, costMicros: 700_000 };
    const before: Before = { tail: [root], costWithin: new Map() };
    const late = chat("late", { parent: "root", attributes: million });
    expect(countOnce([late], before)[0]).toMatchObject({ isCovered: true, costMicros: 0 });
  });

  test("what was thought beside what was said is part of the output", () => {
    const attributes = { ...model, ...usage(0), "gen_ai.usage.reasoning_tokens": 999_999 };
    expect(costs([chat("a", { attributes })])).toEqual([10_000_000]);
  });
});
