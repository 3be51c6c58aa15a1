import { expect, test } from "vitest";
import { allStages, continueCommand, nextStage } from "./continue";

test("next is the first stage, as a person counts, that is awaited and did not come", () => {
  expect(nextStage({ reached: ["1", "2.1"], pending: ["10", "3", "2.1", "2.2", "1"] })).toBe("2.2");
  expect(nextStage({ reached: ["1"], pending: ["1"] })).toBeNull();
  expect(nextStage({ reached: [], pending: [] })).toBeNull();
});

test("the command names the instance and its next stage", () => {
  const going = { url: "http://x.example/dhk/agent", instanceId: "d1", reached: ["1"], pending: ["2"] };
  expect(continueCommand({ ...going, kind: "dynamic" })).toBe(
    `curl -fsS "http://x.example/dhk/agent?stagePath=2&instance_id=d1&key=$PULSETRAIL_KEY" -H "Content-Type: application/json" -d '{"payload":{}}'`,
  );
  expect(continueCommand({ ...going, kind: "static", pending: [] })).toContain("?stage=NEXT&instance_id=d1&");
});

test("all stages are those that came and those awaited, each once", () => {
  const paths = (...all: string[]) => all.map((path) => ({ path }));
  expect(allStages({ stages: paths("1", "2.10", "2.2"), pending: paths("3", "1") })).toEqual(["1", "2.2", "2.10", "3"]);
});
