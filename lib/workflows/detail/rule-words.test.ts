import { expect, test } from "vitest";
import { ruleWords } from "./rule-words";

const STAGES = [1, 2].map((order) => ({ order, name: `Stage ${order}`, timeout_seconds: null }));
const PLAIN = {
  kind: "static",
  validation_mode: "flexible",
  strict_agents: false,
  grace_period_seconds: null,
  instance_timeout_seconds: null,
  stages: STAGES,
} as const;

test("only what is asked is said", () => {
  expect(ruleWords({ ...PLAIN, stages: STAGES })).toEqual([
    "Flexible: stages may come in any order.",
    "An instance is complete when all stages have come.",
  ]);
});

test("each rule has its sentence", () => {
  const rules = ruleWords({
    ...PLAIN,
    stages: STAGES,
    validation_mode: "strict",
    strict_agents: true,
    grace_period_seconds: 300,
    instance_timeout_seconds: 5400,
  });
  expect(rules).toEqual([
    "Strict: stages come in order. One that skips another, or that came before, is refused and told.",
    "An instance is complete with stage 2.",
    "Grace period: it must be complete within 5 minutes of its start.",
    "An instance that takes longer than 1 hour 30 minutes fails.",
    "Every signal must name its agent.",
  ]);
  expect(ruleWords({ ...PLAIN, kind: "dynamic", stages: [] })[1]).toBe(
    "An instance is complete with the stage that says final=yes.",
  );
});
