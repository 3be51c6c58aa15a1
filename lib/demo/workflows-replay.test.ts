import { describe, expect, test } from "vitest";
import { HOUR, MINUTE } from "@/lib/core/time";
import { NO_BASELINE } from "@/lib/costs/anomaly";
import { NO_BUDGET } from "@/lib/costs/budget";
import type { LoadedWorkflow } from "@/lib/workflows/loaded";
import { rulesOf } from "@/lib/workflows/rules-of";
import type { Work } from "@/lib/workflows/work";
import type { Play } from "./stage-moment";
import { divide } from "./timeline";
import { researchAgent } from "./workflows-agent";
import { rehearse } from "./workflows-replay";
import { orderImport, releasePipeline } from "./workflows-shop";

const MONDAY = Date.parse("2026-11-16T00:00:00Z");
/** Moments at which the demonstration may be made: all through a week, at any minute of the hour. */
const MADE = Array.from({ length: 40 }, (_, index) => MONDAY + index * (4 * HOUR + 13 * MINUTE));

function workflowOf({ input }: Play): LoadedWorkflow {
  const own = { projectId: "p", id: "w", kind: input.kind, name: input.name, madeAt: 0, version: 1, nInstances: 0 };
  return {
    ...own,
    budget: NO_BUDGET,
    today: null,
    baseline: NO_BASELINE,
    approvers: [],
    instances: [],
    definitions: new Map([[1, rulesOf(input)]]),
  };
}

function played(play: Play, made: number): Work {
  return rehearse(workflowOf(play), divide(play.timeline(made), made).past, made);
}

const endingsOf = ({ workflow }: Work): string[] =>
  workflow.instances.flatMap(({ status, failureReason }) => failureReason ?? (status === "running" ? status : []));

describe("whenever it is made", () => {
  test("what happens stands in order", () => {
    for (const made of MADE) {
      for (const play of [orderImport, releasePipeline, researchAgent]) {
        const times = divide(play.timeline(made), made + 30 * HOUR).past.map(({ at }) => at);
        expect(times).toEqual(times.toSorted((a, b) => a - b));
      }
    }
  });

  test("the same goes wrong, and the same is under way", () => {
    for (const made of MADE) {
      expect(endingsOf(played(orderImport, made))).toEqual([
        "Stage 4 timeout",
        "Stage 4 timeout",
        "Stage 3 timeout",
        "Stage 5 timeout",
        "running",
      ]);
      expect(endingsOf(played(researchAgent, made))).toEqual(["Instance timeout", "Stage 2.2 failed", "running"]);
      const releases = endingsOf(played(releasePipeline, made)).filter((ending) => ending !== "running");
      expect(releases).toEqual(["Grace period exceeded", "Grace period exceeded", "Stage 3 failed"]);
    }
  });

  test("nothing is as it was before its time: deadlines count from the past", () => {
    for (const { workflow } of MADE.map((made) => played(orderImport, made))) {
      const failed = workflow.instances.filter(({ status }) => status === "failed");
      for (const { startedAt, endedAt } of failed) expect((endedAt ?? 0) - startedAt).toBeLessThan(45 * MINUTE);
      const running = workflow.instances.filter(({ status }) => status === "running");
      for (const { dueAt, progressAt } of running) expect((dueAt ?? 0) - progressAt).toBe(10 * MINUTE);
    }
  });
});

test("stages that are refused are kept as they were sent", () => {
  const { rejected } = played(orderImport, MONDAY);
  expect(rejected.map(({ code, report }) => [code, report.raw()])).toMatchObject([
    ["stage_missed", { query: { stage: "4", agent: "payment-service" }, body: { charged: expect.any(Number) } }],
    ["stage_missed", { query: { stage: "3", agent: "stock-service" } }],
    ["stage_out_of_order", { query: { stage: "2", agent: "importer" } }],
  ]);
  expect(JSON.stringify(rejected.map(({ report }) => report.raw()))).not.toContain("key");
});
