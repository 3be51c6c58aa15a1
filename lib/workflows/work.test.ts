import { describe, expect, test } from "vitest";
import { NO_BASELINE } from "@/lib/costs/anomaly";
import { NO_BUDGET } from "@/lib/costs/budget";
import { DEFAULT_DYNAMIC, type Definition } from "./definition";
import type { LoadedWorkflow } from "./loaded";
import { NOTHING_TOLD, type StepDetail } from "./step";
import { type Report, startWork, takeStage, type Work } from "./work";

const START = 1_000_000;
const MINUTE = 60_000;

function workflow(rules: Partial<Definition> = {}): LoadedWorkflow {
  const definition = { ...DEFAULT_DYNAMIC, ...rules };
  const { kind } = definition;
  const own = { projectId: "p", id: "w", kind, name: "Pipeline", madeAt: 0, version: 1, nInstances: 0 };
  return {
    ...own,
    budget: NO_BUDGET,
    today: null,
    baseline: NO_BASELINE,
    approvers: [],
    instances: [],
    definitions: new Map([[1, definition]]),
  };
}

const stages = (count: number) => Array.from({ length: count }, (_, at) => ({ name: `S${at}`, timeoutSeconds: null }));

const report = (path: string, more: Partial<Report> = {}): Report => ({
  path,
  instanceId: null,
  isStart: false,
  isFinal: false,
  isFailure: false,
  stageName: null,
  agent: null,
  detail: null,
  isThinned: false,
  raw: () => ({}),
  ...more,
});

const detail = (more: Partial<StepDetail>): StepDetail => ({
  ...NOTHING_TOLD,
  ...more,
});

const never = () => false;

/** Takes a report at so many milliseconds after the start, and gives what is said of it. */
function take(
  work: Work,
  told: Report,
  { after = 0, isRepeat = never }: { after?: number; isRepeat?: () => boolean } = {},
) {
  const verdict = takeStage(work, told, { now: START + after, isRepeat });
  return verdict.is === "refused" ? verdict.refusal.code : verdict.instanceId;
}

describe("too many signals", () => {
  test("a stage that had come leaves no step, one that is new does", () => {
    const work = startWork(workflow({ kind: "static", stages: stages(3) }));
    for (const path of ["1", "1", "2", "2"]) take(work, report(path, { isThinned: true }), { after: 5 });
    // The second first stage begins another instance, because the first one has its own.
    expect(work.steps.map(({ ordinal, report: told }) => [ordinal, told.path])).toEqual([
      [0, "1"],
      [0, "1"],
      [1, "2"],
    ]);
    expect(work.workflow.instances.map(({ nSteps }) => nSteps)).toEqual([1, 2]);
  });

  test("what costs, ends or fails leaves a step, and whatever comes counts as heard of", () => {
    const work = startWork(workflow());
    take(work, report("1", { isStart: true }));
    const again = { after: 7, isRepeat: () => true };
    take(work, report("1", { isThinned: true }), again);
    take(work, report("1", { isThinned: true, detail: detail({ costMicros: 5 }) }), again);
    take(work, report("1", { isThinned: true, isFinal: true }), again);
    expect(work.steps.map(({ ordinal }) => ordinal)).toEqual([0, 1, 2]);
    expect(work.workflow.instances).toMatchObject([
      { nSteps: 3, costMicros: 5, lastSignalAt: START + 7, status: "completed" },
    ]);
  });

  test("what is told of tokens is counted, also where it cost nothing", () => {
    const work = startWork(workflow());
    take(work, report("1", { isStart: true }));
    for (const told of [
      { costMicros: 0, inputTokens: 10 },
      { costMicros: 0, inputTokens: 0, outputTokens: 4 },
      { inputTokens: 0, outputTokens: 3 },
      { costMicros: 0, inputTokens: 0, outputTokens: 0, tags: ["acme"], toolCalls: [{}] },
    ])
      take(work, report("1", { isThinned: true, detail: detail(told) }), { isRepeat: () => true });
    expect(work.steps.slice(1).map(({ report: told }) => told.detail)).toMatchObject([
      { inputTokens: 10 },
      { outputTokens: 4 },
      { outputTokens: 3 },
    ]);
  });
});

describe("which instance a signal is for", () => {
  test("a stage that a failed instance lacked is taken for a late one, for ten minutes or its grace period", () => {
    for (const [graceSeconds, window] of [
      [null, 10 * MINUTE],
      [3600, 60 * MINUTE],
    ] as const) {
      const work = startWork(workflow({ kind: "static", stages: stages(3), graceSeconds }));
      take(work, report("1", { isFailure: true }));
      expect(take(work, report("2"), { after: window - 1 })).toBe("instance_failed");
      expect(take(work, report("1"), { after: window - 1 })).toMatch(/^s/);
      const later = startWork(workflow({ kind: "static", stages: stages(3), graceSeconds }));
      take(later, report("1", { isFailure: true }));
      expect(take(later, report("2"), { after: window })).toMatch(/^s/);
    }
  });

  test("a stage that the failed instance had belongs to the next one", () => {
    const work = startWork(workflow({ kind: "static", stages: stages(3) }));
    take(work, report("2"));
    take(work, report("3", { isFailure: true }));
    expect(take(work, report("2"), { after: 1 })).toMatch(/^s/);
  });

  test("the newest one that runs, else why there is none", () => {
    const work = startWork(workflow());
    expect(take(work, report("1"))).toBe("no_running_instance");
    const old = take(work, report("1", { isStart: true }));
    const young = take(work, report("1", { isStart: true }));
    expect(take(work, report("2"))).toBe(young);
    expect(take(work, report("3", { isFinal: true }))).toBe(young);
    expect(take(work, report("2"))).toBe(old);
    expect(take(work, report("2", { isFailure: true }))).toBe(old);
    // The newest of all has completed, so nobody waits to hear that the older one failed.
    expect(take(work, report("2"))).toBe("no_running_instance");
    expect(take(work, report("2", { instanceId: old }))).toBe("instance_failed");
    expect(take(work, report("2", { instanceId: "d0", isStart: true }))).toBe("no_such_instance");
  });

  test("whom a refusal concerns: not what was on its way to an instance that has just ended, but what begins one wrongly", () => {
    const declared = startWork(workflow({ kind: "static", mode: "strict", stages: stages(3) }));
    take(declared, report("1", { isFailure: true }));
    expect(take(declared, report("2"), { after: MINUTE })).toBe("stage_missed");
    expect(declared.alerts.map(({ type }) => type)).toEqual(["workflow.failed"]);
    take(declared, report("2"), { after: 10 * MINUTE });
    expect(declared.alerts.map(({ type }) => type)).toEqual(["workflow.failed", "workflow.stage_missed"]);

    const paths = startWork(workflow({ mode: "strict" }));
    take(paths, report("1", { isStart: true, isFailure: true }));
    expect(take(paths, report("2", { isStart: true }), { after: MINUTE })).toBe("stage_missed");
    expect(paths.alerts.map(({ type }) => type)).toEqual(["workflow.failed", "workflow.stage_missed"]);
  });

  test("paused ones take nothing", () => {
    for (const kind of ["static", "dynamic"] as const) {
      const work = startWork(workflow({ kind, stages: stages(3) }));
      take(work, report("1", { isStart: true }));
      const [instance] = work.workflow.instances;
      if (instance !== undefined) work.workflow.instances[0] = { ...instance, status: "paused" };
      expect(take(work, report("2"))).toBe("instance_paused");
    }
  });
});
