import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DEFAULT_DYNAMIC, type Definition } from "./definition";
import { firstNumber } from "./path";
import { begin, type InstanceEvent, type InstanceState, type Transition, transition } from "./state";

const START = 1_000_000;
const RUNS = { numRuns: 10_000 };

const declared = (mode: Definition["mode"], stages: number): Definition => ({
  ...DEFAULT_DYNAMIC,
  kind: "static",
  mode,
  stages: Array.from({ length: stages }, (_, index) => ({ name: `${index + 1}`, timeoutSeconds: null })),
});

type Sent = { path: string; isFinal?: boolean; isFailure?: boolean };

/** What was accepted, and the state in the end. */
function play(definition: Definition, signals: Sent[]): { accepted: string[]; state: InstanceState } {
  const accepted: string[] = [];
  let state = begin(START);
  for (const [index, { path, isFinal = false, isFailure = false }] of signals.entries()) {
    const event = { type: "stage", path, isRepeat: accepted.includes(path), isFinal, isFailure } as const;
    const done = transition(state, event, { definition, now: START + index });
    if (done.refusal === null) accepted.push(path);
    state = done.next;
  }
  return { accepted, state };
}

const numbers = (max: number, length = 12) => fc.array(fc.integer({ min: 0, max }), { maxLength: length });
const asSent = (list: number[]): Sent[] => list.map((number) => ({ path: String(number) }));

/** A list with repeats, and the same in another order. */
const shuffled = (stages: number) =>
  fc
    .array(fc.integer({ min: 1, max: stages }), { maxLength: 15 })
    .chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length, maxLength: list.length })),
    );

describe("flexible", () => {
  test("any order with any repeats ends in the same state", () => {
    fc.assert(
      fc.property(shuffled(5), ([list, other]) => {
        const definition = declared("flexible", 5);
        const [one, two] = [play(definition, asSent(list)).state, play(definition, asSent(other)).state];
        expect([one.status, one.reached]).toEqual([two.status, two.reached]);
        expect(one.status).toBe(new Set(list).size === 5 ? "completed" : "running");
        expect(one.reached).toEqual([...new Set(list)].sort((a, b) => a - b));
      }),
      RUNS,
    );
  });

  test("paths in any order end in the same state, with the final one last", () => {
    const path = fc
      .array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 3 })
      .map((levels) => levels.join("."));
    const two = fc
      .array(path, { maxLength: 12 })
      .chain((list) =>
        fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length, maxLength: list.length })),
      );
    fc.assert(
      fc.property(two, ([list, other]) => {
        const end = { path: "0", isFinal: true };
        const top = Math.max(0, ...list.map(firstNumber));
        const ends = [list, other].map((paths) => play(DEFAULT_DYNAMIC, [...paths.map((one) => ({ path: one })), end]));
        expect(ends[0]?.accepted.toSorted()).toEqual(ends[1]?.accepted.toSorted());
        expect(ends.map(({ state }) => [state.status, state.top, state.nSteps])).toEqual([
          ["completed", top, list.length + 1],
          ["completed", top, list.length + 1],
        ]);
      }),
      RUNS,
    );
  });
});

describe("strict", () => {
  test("exactly those stages are accepted that go on where the last accepted one ended", () => {
    fc.assert(
      fc.property(numbers(7, 20), (list) => {
        let last = 0;
        const legal = list.filter((number) => {
          const goesOn = number === last + 1 && number <= 5;
          if (goesOn) last = number;
          return goesOn;
        });
        const { accepted, state } = play(declared("strict", 5), asSent(list));
        expect(accepted).toEqual(legal.map(String));
        expect(state.status).toBe(last === 5 ? "completed" : "running");
      }),
      RUNS,
    );
  });

  test("of accepted paths the first numbers never skip or go back, and none comes twice; what is refused would have broken that", () => {
    const path = fc
      .array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 3 })
      .map((levels) => levels.join("."));
    const definition: Definition = { ...DEFAULT_DYNAMIC, mode: "strict" };
    const isLegal = (paths: string[]): boolean =>
      new Set(paths).size === paths.length &&
      paths.every((one, index) => {
        const step = firstNumber(one) - firstNumber(paths[index - 1] ?? "0");
        return step === 0 || step === 1;
      });
    fc.assert(
      fc.property(fc.array(path, { maxLength: 14 }), (list) => {
        const accepted: string[] = [];
        for (const one of list) if (isLegal([...accepted, one])) accepted.push(one);
        expect(
          play(
            definition,
            list.map((one) => ({ path: one })),
          ).accepted,
        ).toEqual(accepted);
      }),
      RUNS,
    );
  });
});

const anyEvent: fc.Arbitrary<InstanceEvent> = fc.oneof(
  fc.constant({ type: "tick" as const }),
  fc.record({
    type: fc.constant("stage" as const),
    path: fc.integer({ min: 0, max: 5 }).map(String),
    isRepeat: fc.boolean(),
    isFinal: fc.boolean(),
    isFailure: fc.boolean(),
  }),
);

const anyDefinition: fc.Arbitrary<Definition> = fc.record({
  kind: fc.constantFrom("static", "dynamic"),
  mode: fc.constantFrom("strict", "flexible"),
  strictAgents: fc.boolean(),
  graceSeconds: fc.option(fc.integer({ min: 1, max: 20 })),
  instanceTimeoutSeconds: fc.option(fc.integer({ min: 1, max: 20 })),
  stages: fc.array(
    fc.record({ name: fc.constant("stage"), timeoutSeconds: fc.option(fc.integer({ min: 1, max: 20 })) }),
    {
      minLength: 1,
      maxLength: 4,
    },
  ),
});

const history = fc.array(fc.tuple(anyEvent, fc.integer({ min: 0, max: 5000 })), { maxLength: 20 });

function checkStep(state: InstanceState, event: InstanceEvent, { next, refusal, ending }: Transition): void {
  const isAccepted = event.type === "stage" && refusal === null;
  if (state.status !== "running" || refusal !== null) expect(next).toBe(state);
  expect(next.nSteps).toBe(state.nSteps + (isAccepted ? 1 : 0));
  expect(ending === null).toBe(next.status === state.status);
  expect(next.endedAt === null).toBe(next.status === "running");
  if (next.status !== "running") expect(next.dueAt).toBeNull();
}

describe("whatever comes", () => {
  test("nothing moves what has ended, what is refused changes nothing, and what is accepted is counted", () => {
    fc.assert(
      fc.property(anyDefinition, history, (definition, events) => {
        let state = begin(START);
        let now = START;
        for (const [event, later] of events) {
          now += later;
          const done = transition(state, event, { definition, now });
          checkStep(state, event, done);
          state = done.next;
        }
      }),
      RUNS,
    );
  });

  test("time ends it exactly when its deadline has passed, and dates the end there", () => {
    fc.assert(
      fc.property(anyDefinition, history, fc.integer({ min: -2, max: 2 }), (definition, events, offset) => {
        let state = begin(START);
        let now = START;
        for (const [event, later] of events) {
          now += later;
          state = transition(state, event, { definition, now }).next;
        }
        fc.pre(state.dueAt !== null);
        const dueAt = state.dueAt ?? 0;
        const { next } = transition(state, { type: "tick" }, { definition, now: dueAt + offset });
        expect(next.status).toBe(offset < 0 ? "running" : "failed");
        if (offset >= 0) expect(next.endedAt).toBe(dueAt);
      }),
      RUNS,
    );
  });
});
