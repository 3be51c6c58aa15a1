import fc from "fast-check";
import { expect, test } from "vitest";
import { DEFAULT_DYNAMIC, type Definition } from "./definition";
import { begin, type InstanceState, transition } from "./state";

const SECOND = 1000;
const START = 1_000_000 * SECOND;
const seconds = fc.option(fc.integer({ min: 1, max: 100 }));

const anyDefinition: fc.Arbitrary<Definition> = fc
  .record({
    mode: fc.constantFrom("strict" as const, "flexible" as const),
    whole: seconds,
    grace: seconds,
    stage: seconds,
  })
  .map(({ mode, whole, grace, stage }) => ({
    ...DEFAULT_DYNAMIC,
    kind: "static",
    mode,
    graceSeconds: grace,
    instanceTimeoutSeconds: whole,
    stages: [1, 2, 3].map((number) => ({ name: `${number}`, timeoutSeconds: stage })),
  }));

/** An instance after its first stage. */
function running(definition: Definition): InstanceState {
  const event = { type: "stage", path: "1", isRepeat: false, isFinal: false, isFailure: false } as const;
  return transition(begin(START), event, { definition, now: START }).next;
}

test("a pause takes nothing of an instance's time: all that is left after it is what was left before it", () => {
  fc.assert(
    fc.property(anyDefinition, fc.nat(50), fc.nat(10_000), (definition, before, long) => {
      const state = running(definition);
      const pausedAt = START + before * SECOND;
      fc.pre(state.dueAt === null || pausedAt < state.dueAt);
      const paused = transition(state, { type: "pause" }, { definition, now: pausedAt }).next;
      expect(paused).toMatchObject({ status: "paused", dueAt: null, pausedAt });
      const resumedAt = pausedAt + long * SECOND;
      expect(transition(paused, { type: "tick" }, { definition, now: resumedAt }).next).toBe(paused);
      const { next, refusal } = transition(paused, { type: "resume" }, { definition, now: resumedAt });
      expect(refusal).toBeNull();
      expect(next).toMatchObject({ status: "running", pausedAt: null, reached: state.reached, nSteps: state.nSteps });
      expect(next.dueAt === null ? null : next.dueAt - resumedAt).toBe(
        state.dueAt === null ? null : state.dueAt - pausedAt,
      );
    }),
    { numRuns: 2000 },
  );
});

test("only what runs is paused, only what is paused goes on, and both can be ended", () => {
  const definition = DEFAULT_DYNAMIC;
  const at = { definition, now: START };
  const state = begin(START);
  expect(transition(state, { type: "resume" }, at)).toMatchObject({ next: state, refusal: { code: "not_paused" } });
  const paused = transition(state, { type: "pause" }, at).next;
  expect(transition(paused, { type: "pause" }, at).refusal).toEqual({ code: "instance_paused", expected: null });
  const ended = transition(paused, { type: "terminate", reason: "enough" }, at).next;
  expect(ended).toMatchObject({ status: "terminated", pausedAt: null, endedAt: START });
  for (const type of ["pause", "resume"] as const) expect(transition(ended, { type }, at).next).toBe(ended);
});
