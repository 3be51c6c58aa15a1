import { describe, expect, test } from "vitest";
import { EVENT_TYPES } from "@/lib/alerts/events";
import { downFacts } from "@/lib/testing/alert-facts";
import { factsFrom, workflowAlerts } from "@/lib/testing/workflow-alerts";
import { renderWebhook } from "./render";

describe("the body of a webhook", () => {
  test.each(EVENT_TYPES)("of %s has a type, a timestamp and data", (type) => {
    const [noun] = type.split(".");
    const facts = {
      ...downFacts,
      type,
      subject: { type: String(noun), id: "x1", name: "X" },
      data: { own: [1, null] },
    };
    expect(JSON.parse(renderWebhook(facts).body)).toEqual({
      type,
      timestamp: "2026-11-20T12:05:00.000Z",
      data: {
        own: [1, null],
        alert_id: 7,
        project_id: "p1",
        severity: "critical",
        subject: { type: noun, id: "x1", name: "X" },
        message: downFacts.message,
      },
    });
  });

  const instance = {
    workflow_id: "swf1",
    kind: "static",
    instance_id: "s1",
    instance_seq: 1,
    agent_code: "fetcher",
    started_at: "2026-11-20T12:00:00.000Z",
    total_steps: 1,
    at: "2026-11-20T12:05:00.000Z",
  };
  test.each([
    ["missed", { ...instance, expected: "2", received: "3" }],
    ["outOfOrder", { ...instance, expected: "2", received: "1" }],
    ["timeout", { ...instance, failure_reason: "Stage 2 timeout", stage_path: "2" }],
    ["failed", { ...instance, failure_reason: "Stage 2 failed", stage_path: "2" }],
    ["completed", { ...instance, total_steps: 3, duration_seconds: 300 }],
    [
      "strayed",
      {
        ...instance,
        instance_id: null,
        agent_code: null,
        started_at: null,
        total_steps: 0,
        expected: "1",
        received: "3",
      },
    ],
  ] as const)("about a workflow that is %s has the facts of its instance", (name, facts) => {
    const alert = factsFrom(workflowAlerts()[name]);
    const { id, projectId, type, severity, subject, message } = alert;
    const { data, ...rest } = JSON.parse(renderWebhook(alert).body);
    expect(data).toEqual({ ...facts, alert_id: id, project_id: projectId, severity, subject, message });
    expect(rest).toEqual({ type, timestamp: "2026-11-20T12:05:00.000Z" });
  });
});
