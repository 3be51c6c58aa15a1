import { describe, expect, test } from "vitest";
import { DEFAULT_DYNAMIC, type Definition } from "./definition";
import { begin, type InstanceState, missingStages, type StageEvent, transition } from "./state";

const START = 1_000_000;
const SECOND = 1000;

const stage = (path: string, more: Partial<StageEvent> = {}): StageEvent => ({
  type: "stage",
  path,
  isRepeat: false,
  isFinal: false,
  isFailure: false,
  ...more,
});

const declared = (
  mode: Definition["mode"],
  more: Partial<Definition> = {},
  timeouts: (number | null)[] = [null, null, null],
): Definition => ({
  kind: "static",
  mode,
  strictAgents: false,
  graceSeconds: null,
  instanceTimeoutSeconds: null,
  stages: timeouts.map((timeoutSeconds, index) => ({ name: `Stage ${index + 1}`, timeoutSeconds })),
  ...more,
});

const paths = (mode: Definition["mode"], more: Partial<Definition> = {}): Definition => ({
  ...DEFAULT_DYNAMIC,
  mode,
  ...more,
});

/** Sends signals one second apart and gives what was said of each, with the state they end in. */
function play(definition: Definition, signals: string[]): { said: string[]; state: InstanceState } {
  let state = begin(START);
  const seen = new Set<string>();
  const said = signals.map((signal, index) => {
    const path = signal.replace(/[!*]$/, "");
    const event = stage(path, {
      isRepeat: seen.has(path),
      isFinal: signal.endsWith("!"),
      isFailure: signal.endsWith("*"),
    });
    const done = transition(state, event, { definition, now: START + index * SECOND });
    if (done.refusal === null) seen.add(path);
    state = done.next;
    return done.refusal === null
      ? "ok"
      : `${done.refusal.code}${done.refusal.expected === null ? "" : ` ${done.refusal.expected}`}`;
  });
  return { said, state };
}

describe("the two modes", () => {
  // The signals (! final, * failed), what is said of each, and the status in the end.
  test.each<[string, Definition, string, string[], string]>([
    ["strict, in order", declared("strict"), "1 2 3", ["ok", "ok", "ok"], "completed"],
    ["strict, a stage skipped", declared("strict"), "1 3 2 3", ["ok", "stage_missed 2", "ok", "ok"], "completed"],
    ["strict, a repeat", declared("strict"), "1 1 2", ["ok", "stage_out_of_order 2", "ok"], "running"],
    ["strict, backwards", declared("strict"), "1 2 1", ["ok", "ok", "stage_out_of_order 3"], "running"],
    ["strict, beyond the last", declared("strict"), "1 4", ["ok", "unknown_stage"], "running"],
    ["strict, after the end", declared("strict"), "1 2 3 3", ["ok", "ok", "ok", "instance_completed"], "completed"],
    ["flexible, any order", declared("flexible"), "3 1 2", ["ok", "ok", "ok"], "completed"],
    ["flexible, repeats", declared("flexible"), "1 1 3 3 2", ["ok", "ok", "ok", "ok", "ok"], "completed"],
    ["flexible, stage 0", declared("flexible"), "1 0", ["ok", "unknown_stage"], "running"],
    ["static, final means nothing", declared("flexible"), "1!", ["ok"], "running"],
    ["static, a failure", declared("flexible"), "1 2* 3", ["ok", "ok", "instance_failed"], "failed"],
    ["strict paths, branches", paths("strict"), "1 2.1 2.2 3!", ["ok", "ok", "ok", "ok"], "completed"],
    ["strict paths, siblings in any order", paths("strict"), "1 2.2 2 2.1.1 2.1 3", Array(6).fill("ok"), "running"],
    ["strict paths, a skip", paths("strict"), "1 3 2", ["ok", "stage_missed 2", "ok"], "running"],
    ["strict paths, a skip at the start", paths("strict"), "2.1 1", ["stage_missed 1", "ok"], "running"],
    ["strict paths, backwards", paths("strict"), "1 2.1 1.2", ["ok", "ok", "stage_out_of_order 3"], "running"],
    ["strict paths, a repeat", paths("strict"), "1 2.1 2.1", ["ok", "ok", "stage_out_of_order 3"], "running"],
    ["strict paths, from nought", paths("strict"), "0 1 0", ["ok", "ok", "stage_out_of_order 2"], "running"],
    ["flexible paths, any order", paths("flexible"), "3 1 2.1 2.1 1", Array(5).fill("ok"), "running"],
    ["flexible paths, final", paths("flexible"), "1 3! 2", ["ok", "ok", "instance_completed"], "completed"],
    ["final twice", paths("flexible"), "1 2! 2!", ["ok", "ok", "instance_completed"], "completed"],
    ["a failure, also when final", paths("flexible"), "1 2*", ["ok", "ok"], "failed"],
  ])("%s", (_, definition, signals, said, status) => {
    const played = play(definition, signals.split(" "));
    expect(played.said).toEqual(said);
    expect(played.state.status).toBe(status);
    expect(played.state.nSteps).toBe(said.filter((one) => one === "ok").length);
  });

  test("a failure says which stage it was, and ends the instance at once", () => {
    const { next, ending } = transition(begin(START), stage("2.1", { isFailure: true, isFinal: true }), {
      definition: paths("flexible"),
      now: START + 5,
    });
    expect(ending).toEqual({ is: "failed", cause: "failed", stage: "2.1" });
    expect(next).toMatchObject({
      status: "failed",
      failureReason: "Stage 2.1 failed",
      endedAt: START + 5,
      dueAt: null,
    });
  });

  test("missing stages are those declared and not reached", () => {
    expect(missingStages({ reached: [2] }, declared("flexible"))).toEqual([1, 3]);
  });
});

/** The state after stages that came so many seconds after the start. */
function having(definition: Definition, stages: [path: string, seconds: number][]): InstanceState {
  return stages.reduce(
    (state, [path, seconds]) => transition(state, stage(path), { definition, now: START + seconds * SECOND }).next,
    begin(START),
  );
}

const dueIn = ({ dueAt }: InstanceState): number | null => (dueAt === null ? null : (dueAt - START) / SECOND);

describe("deadlines", () => {
  test.each<[string, Definition, [string, number][], number | null]>([
    ["none without timeouts", declared("strict"), [["1", 0]], null],
    [
      "strict: from the stage before",
      declared("strict", {}, [null, 10, 20]),
      [
        ["1", 0],
        ["2", 4],
      ],
      24,
    ],
    ["strict: only the next stage", declared("strict", {}, [null, null, 20]), [["1", 0]], null],
    ["flexible: from the start, the soonest missing", declared("flexible", {}, [5, 30, 20]), [["1", 1]], 20],
    [
      "flexible: what has come is not awaited",
      declared("flexible", {}, [5, 30, 20]),
      [
        ["3", 1],
        ["1", 2],
      ],
      30,
    ],
    ["flexible: the grace period", declared("flexible", { graceSeconds: 7 }, [null, 9, null]), [["1", 1]], 7],
    ["strict: no grace period", declared("strict", { graceSeconds: 7 }), [["1", 0]], null],
    [
      "the whole instance",
      paths("strict", { instanceTimeoutSeconds: 60 }),
      [
        ["1", 0],
        ["2", 50],
      ],
      60,
    ],
    ["paths in flexible mode", paths("flexible", { graceSeconds: 60 }), [["1", 0]], 60],
  ])("%s", (_, definition, stages, due) => {
    expect(dueIn(having(definition, stages))).toBe(due);
  });

  test.each<[string, Definition, string, string | null]>([
    ["Stage 2 timeout", declared("strict", { instanceTimeoutSeconds: 60 }, [null, 10, 20]), "stage_timeout", "2"],
    ["Grace period exceeded", declared("flexible", { graceSeconds: 10 }, [null, 11, null]), "failed", null],
    ["Instance timeout", declared("flexible", { graceSeconds: 11, instanceTimeoutSeconds: 10 }), "failed", null],
  ])("%s: fails at the deadline and not when it is noticed", (failureReason, definition, cause, blamed) => {
    const state = having(definition, [["1", 0]]);
    expect(transition(state, { type: "tick" }, { definition, now: START + 9_999 }).next).toBe(state);
    const { next, ending } = transition(state, { type: "tick" }, { definition, now: START + 15_000 });
    expect(next).toMatchObject({ status: "failed", failureReason, endedAt: START + 10_000, dueAt: null });
    expect(ending).toEqual({ is: "failed", cause, stage: blamed });
  });

  test("a stage that arrives before a passed deadline is judged counts", () => {
    const definition = declared("strict", {}, [null, 10, 20]);
    const late = transition(having(definition, [["1", 0]]), stage("2"), { definition, now: START + 11 * SECOND });
    expect(late.refusal).toBeNull();
    expect(dueIn(late.next)).toBe(31);
  });

  test("one that is paused takes no stage and does not run out of time", () => {
    const definition = declared("strict", {}, [null, 10, 20]);
    const paused: InstanceState = { ...having(definition, [["1", 0]]), status: "paused" };
    for (const event of [stage("2"), { type: "tick" as const }]) {
      expect(transition(paused, event, { definition, now: START + 60 * SECOND }).next).toBe(paused);
    }
  });

  test("what our own outages added stays with deadlines from the start", () => {
    const definition = declared("flexible", { graceSeconds: 10 });
    const credited = { ...having(definition, [["1", 0]]), dueAt: START + 15_000, creditMs: 5000 };
    expect(transition(credited, { type: "tick" }, { definition, now: START + 12_000 }).ending).toBeNull();
    expect(dueIn(transition(credited, stage("2"), { definition, now: START + 12_000 }).next)).toBe(15);
  });

  test("a repeat in flexible mode moves nothing but the count", () => {
    const definition = declared("flexible", {}, [null, 10, null]);
    const state = having(definition, [["1", 0]]);
    const again = transition(state, stage("1"), { definition, now: START + 3000 }).next;
    expect(again).toEqual({ ...state, nSteps: 2 });
  });
});
