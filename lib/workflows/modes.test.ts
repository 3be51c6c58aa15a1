import { expect, test } from "vitest";
import type { Definition } from "./definition";
import { DEMO_STAGES, DEMOS, type Demo, FRAMES, nextFrame } from "./modes";
import { begin, type InstanceState, transition } from "./state";

const RULES: Definition = {
  kind: "static",
  mode: "strict",
  strictAgents: false,
  graceSeconds: null,
  instanceTimeoutSeconds: null,
  stages: DEMO_STAGES.map((name) => ({ name, timeoutSeconds: null })),
};

/** What the machine itself answers to the stages that an explanation shows. */
function play(demo: Demo): { answers: (string | null)[]; state: InstanceState } {
  const definition: Definition = { ...RULES, mode: demo === "strict" ? "strict" : "flexible" };
  let state = begin(0);
  const answers = FRAMES[demo].map(({ circles }) => {
    const at = circles.findIndex(
      (circle) => circle === "arriving" || (circle === "refused" && !circles.includes("missed")),
    );
    if (at < 0) return null;
    const event = { type: "stage", path: String(at + 1), isRepeat: false, isFinal: false, isFailure: false } as const;
    const { next, refusal } = transition(state, event, { definition, now: 1000 });
    state = next;
    return refusal === null ? "200 OK" : `400 ${refusal.code}`;
  });
  return { answers, state };
}

test.each(DEMOS)("what is explained of %s is what happens", (demo) => {
  expect(play(demo).answers).toEqual(FRAMES[demo].map(({ answer }) => answer));
});

test("with all stages an instance is complete, with a missed one it is not", () => {
  expect(play("normal").state.status).toBe("completed");
  expect(play("flexible").state.status).toBe("completed");
  expect(play("strict").state).toMatchObject({ status: "running", reached: [1, 2, 3] });
});

test("after the last frame it begins again", () => {
  expect([0, 4, 5].map((at) => nextFrame("normal", at))).toEqual([1, 5, 0]);
});
