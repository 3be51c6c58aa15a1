import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { NO_BASELINE } from "@/lib/costs/anomaly";
import { NO_BUDGET } from "@/lib/costs/budget";
import { DEFAULT_DYNAMIC, type Definition } from "./definition";
import type { LoadedWorkflow } from "./loaded";
import { begin, type InstanceState, type SpansEvent, transition } from "./state";
import { NOTHING_TOLD } from "./step";
import { type SpanStep, takeTrace } from "./take-spans";
import { startWork, tickInstance } from "./work";

const NOW = 1_000_000;

function workflow(rules: Partial<Definition> = {}): LoadedWorkflow {
  const own = {
    projectId: "p",
    id: "w",
    kind: "dynamic" as const,
    name: "Agent",
    madeAt: 0,
    version: 1,
    nInstances: 0,
  };
  return {
    ...own,
    budget: NO_BUDGET,
    today: null,
    baseline: NO_BASELINE,
    approvers: [],
    instances: [],
    definitions: new Map([[1, { ...DEFAULT_DYNAMIC, ...rules }]]),
  };
}

const step = (id: string, more: Partial<SpanStep> & { agent?: string; path?: string } = {}): SpanStep => ({
  report: { path: more.path ?? "1", stageName: "chat m", agent: more.agent ?? null, isFinal: false, detail: null },
  at: NOW,
  isFailed: false,
  span: { id, parentId: null },
  ...more,
});
const news = (steps: SpanStep[], root: SpansEvent["root"] = null) => ({ traceId: "t", steps, topPath: 1, root });
const WELL = { isFailed: false, reason: null };

describe("spans", () => {
  const context = { definition: DEFAULT_DYNAMIC, now: NOW };
  const state = fc.record({
    ...Object.fromEntries(Object.entries(begin(0)).map(([name, value]) => [name, fc.constant(value)])),
    status: fc.constantFrom("running", "paused", "completed", "failed", "terminated"),
    nSteps: fc.nat(100),
  }) as unknown as fc.Arbitrary<InstanceState>;
  const event: fc.Arbitrary<SpansEvent> = fc.record({
    type: fc.constant("spans" as const),
    steps: fc.nat(5),
    top: fc.nat(9),
    root: fc.option(fc.record({ isFailed: fc.boolean(), reason: fc.option(fc.string()) })),
  });

  test("are never refused, and only a root ends what is open", () => {
    fc.assert(
      fc.property(state, event, (before, spans) => {
        const { next, refusal, ending } = transition(before, spans, context);
        expect(refusal).toBeNull();
        expect(next.nSteps).toBe(before.nSteps + spans.steps);
        const isOpen = before.status === "running" || before.status === "paused";
        expect(ending !== null).toBe(isOpen && spans.root !== null);
        if (ending === null) expect([next.status, next.endedAt]).toEqual([before.status, before.endedAt]);
        else expect([next.status, next.endedAt, next.dueAt]).toEqual([ending.is, NOW, null]);
      }),
    );
  });

  test("say why the trace failed", () => {
    const failed = (reason: string | null) =>
      transition(begin(0), { type: "spans", steps: 1, top: 1, root: { isFailed: true, reason } }, context).next;
    expect(failed("no")).toMatchObject({ status: "failed", failureReason: "Trace failed: no", top: 1 });
    expect(failed(null).failureReason).toBe("Trace failed");
  });
});

describe("a trace", () => {
  test("begins one instance with its first step, and none without", () => {
    const work = startWork(workflow());
    expect(takeTrace(work, news([], WELL), NOW)).toBeNull();
    expect(work.workflow.instances).toEqual([]);
    const begun = takeTrace(work, news([step("a", { agent: "x" }), step("b", { agent: "y", isFailed: true })]), NOW);
    expect(begun).toMatchObject({ seq: 1, nSteps: 2, status: "running", agentCode: "x", lastAgent: "y", traceId: "t" });
    const after = takeTrace(work, news([step("c")], WELL), NOW + 5);
    expect(after).toMatchObject({ id: begun?.id, nSteps: 3, status: "completed", startedAt: NOW, endedAt: NOW + 5 });
    expect(work.steps.map(({ ordinal, isFailed, span }) => [ordinal, isFailed, span?.id])).toEqual([
      [0, false, "a"],
      [1, true, "b"],
      [2, false, "c"],
    ]);
    expect(work.handoffs).toMatchObject([{ from: "x", to: "y", ordinal: 1, gapMs: 0 }]);
    expect(work.alerts.map(({ type }) => type)).toEqual(["workflow.completed"]);
  });

  test("has a deadline where its workflow has one, and is still told of after it", () => {
    const work = startWork(workflow({ instanceTimeoutSeconds: 10 }));
    const begun = takeTrace(work, news([step("a")]), NOW);
    expect(begun?.dueAt).toBe(NOW + 10_000);
    const [running] = work.workflow.instances;
    if (running === undefined) throw new Error("it runs");
    tickInstance(work, running, NOW + 10_000);
    const after = takeTrace(work, news([step("b")], WELL), NOW + 20_000);
    expect(after).toMatchObject({ status: "failed", failureReason: "Instance timeout", nSteps: 2 });
  });
});

test("an instance began when its first spans did, within the last hour", () => {
  const lasting = (responseTimeMs: number, at = NOW): SpanStep => {
    const one = step("a", { at });
    return { ...one, report: { ...one.report, detail: { ...NOTHING_TOLD, responseTimeMs } } };
  };
  const startOf = (...steps: SpanStep[]): number | undefined =>
    takeTrace(startWork(workflow()), news(steps), NOW)?.startedAt;
  expect(startOf(lasting(700), lasting(0, NOW - 2000), lasting(5000))).toBe(NOW - 5000);
  expect(startOf(lasting(7_200_000))).toBe(NOW - 3_600_000);
  expect(startOf(lasting(0, NOW + 50_000))).toBe(NOW);
});
