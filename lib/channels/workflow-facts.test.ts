import { describe, expect, test } from "vitest";
import { downFacts, upFacts } from "@/lib/testing/alert-facts";
import { factsFrom, workflowAlerts } from "@/lib/testing/workflow-alerts";
import { factsOf, incidentOf } from "./facts";

const alerts = workflowAlerts();
const linesOf = (facts: Parameters<typeof factsOf>[0]) =>
  factsOf(facts).map(({ label, value }) => `${label}: ${value}`);
const instance = ["Instance: s1", "Agent: fetcher", "Started: 2026-11-20 12:00:00 UTC"];
const at = "2026-11-20 12:05:00 UTC";

describe("the facts of an alert about a workflow", () => {
  test.each([
    ["missed", [`Refused: ${at}`, "Expected: stage 2", "Received: stage 3", ...instance, "Steps: 1"]],
    ["outOfOrder", [`Refused: ${at}`, "Expected: stage 2", "Received: stage 1", ...instance, "Steps: 1"]],
    ["strayed", [`Refused: ${at}`, "Expected: stage 1", "Received: stage 3"]],
    ["timeout", [`Failed: ${at}`, "Reason: Stage 2 timeout", "Stage: stage 2", ...instance, "Steps: 1"]],
    ["failed", [`Failed: ${at}`, "Reason: Stage 2 failed", "Stage: stage 2", ...instance, "Steps: 1"]],
    ["completed", [`Completed: ${at}`, ...instance, "Took: 5 minutes", "Steps: 3"]],
  ] as const)("that is %s", (name, lines) => expect(linesOf(factsFrom(alerts[name]))).toEqual(lines));

  test("stay on lines of their own, whatever an agent calls itself", () => {
    const [agent] = linesOf(factsFrom(workflowAlerts({ agent: "a\r\nReason: none\0" }).failed)).filter((line) =>
      line.startsWith("Agent"),
    );
    expect(agent).toBe("Agent: a Reason: none");
    expect(linesOf(factsFrom(workflowAlerts({ agent: " \n" }).failed)).join()).not.toContain("Agent");
  });

  test.each([[null], ["text"], [{}], [{ total_steps: "many" }], [{ instance_id: "a>\r\nBcc: x" }]])(
    "make do with the data %j",
    (data) => {
      const facts = { ...factsFrom(alerts.failed), data };
      expect(linesOf(facts)).toEqual([`Failed: ${at}`]);
      expect(incidentOf(facts)).toMatch(/^[\w.-]+$/);
    },
  );
});

describe("an incident", () => {
  test("is one instance, and every other one is another", () => {
    const { strayed, ...others } = alerts;
    const names = Object.values(others).map((alert) => incidentOf(factsFrom(alert)));
    expect(new Set(names).size).toBe(1);
    const next = incidentOf(factsFrom(workflowAlerts({ instanceId: "s2" }).failed));
    expect(new Set([names[0], next, incidentOf(factsFrom(strayed))]).size).toBe(3);
  });

  test("of a check is as long as it is down, whatever else its facts hold", () => {
    const named = (facts: typeof downFacts) => ({ ...facts, data: { ...Object(facts.data), instance_id: "s1" } });
    expect(incidentOf(named(upFacts))).toBe(incidentOf(downFacts));
  });
});
