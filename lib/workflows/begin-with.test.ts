import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DEFAULT_DYNAMIC, type Definition } from "./definition";
import { begin, beginWith, type InstanceState, transition } from "./state";

const START = 1_000_000;
const LATER = 90_000_000;

const rules = (kind: Definition["kind"], mode: Definition["mode"]): Definition => ({
  ...DEFAULT_DYNAMIC,
  kind,
  mode,
  stages:
    kind === "static"
      ? Array.from({ length: 4 }, (_, at) => ({ name: `${at + 1}`, timeoutSeconds: (at + 1) * 60 }))
      : [],
  instanceTimeoutSeconds: 3600,
});

type Played = { state: InstanceState; accepted: string[]; refusals: (string | null)[] };

function play(from: Played, definition: Definition, { paths, now }: { paths: string[]; now: number }): Played {
  const played: Played = { state: from.state, accepted: [...from.accepted], refusals: [] };
  for (const path of paths) {
    const event = {
      type: "stage",
      path,
      isRepeat: played.accepted.includes(path),
      isFinal: false,
      isFailure: false,
    } as const;
    const { next, refusal } = transition(played.state, event, { definition, now });
    if (refusal === null) played.accepted.push(path);
    played.state = next;
    played.refusals.push(refusal?.code ?? null);
  }
  return played;
}

const path = (kind: Definition["kind"]) =>
  kind === "static" ? fc.constantFrom("1", "2", "3", "4") : fc.constantFrom("0", "1", "2", "2.1", "2.2", "3", "3.1");

describe.each([
  ["static", "strict"],
  ["static", "flexible"],
  ["dynamic", "strict"],
  ["dynamic", "flexible"],
] as const)("an instance that begins with steps of another, %s and %s", (kind, mode) => {
  const definition = rules(kind, mode);
  const list = fc.array(path(kind), { maxLength: 8 });

  test("takes and refuses what the other would, as long as that runs", () => {
    fc.assert(
      fc.property(list, list, (before, after) => {
        const fresh: Played = { state: begin(START), accepted: [], refusals: [] };
        const origin = play(fresh, definition, { paths: before, now: START });
        fc.pre(origin.state.status === "running");
        const copied = { nSteps: origin.accepted.length, paths: origin.accepted };
        const fork: Played = { ...origin, state: beginWith(copied, { definition, now: LATER }) };
        expect(fork.state.nSteps).toBe(origin.state.nSteps);
        const [one, other] = [
          play(origin, definition, { paths: after, now: START }),
          play(fork, definition, { paths: after, now: LATER }),
        ];
        expect(other.refusals).toEqual(one.refusals);
        expect([other.state.status, other.state.reached, other.state.top, other.state.nSteps]).toEqual([
          one.state.status,
          one.state.reached,
          one.state.top,
          one.state.nSteps,
        ]);
      }),
      { numRuns: 2000 },
    );
  });
});

test("its time begins when it does", () => {
  const definition = rules("static", "strict");
  expect(beginWith({ nSteps: 2, paths: ["1", "2"] }, { definition, now: LATER })).toMatchObject({
    status: "running",
    startedAt: LATER,
    progressAt: LATER,
    // The third stage may take three minutes.
    dueAt: LATER + 180_000,
    reached: [1, 2],
  });
  expect(beginWith({ nSteps: 0, paths: [] }, { definition, now: LATER }).dueAt).toBe(LATER + 60_000);
});

test("it runs also when nothing is left to come", () => {
  const definition = rules("static", "strict");
  const state = beginWith({ nSteps: 4, paths: ["1", "2", "3", "4"] }, { definition, now: LATER });
  expect(state).toMatchObject({ status: "running", reached: [1, 2, 3, 4], dueAt: LATER + 3_600_000 });
});
