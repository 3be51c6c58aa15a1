import { expect, test } from "vitest";
import { HOUR, MINUTE, SECOND } from "@/lib/core/time";
import type { Definition } from "@/lib/workflows/definition";
import { instanceSentence, type Standing } from "./sentence";

const START = Date.UTC(2026, 0, 5, 14);
const stages = ["Load", "Clean", "Train", "Report", "Mail"].map((name) => ({ name, timeoutSeconds: 300 }));
const STRICT: Definition = {
  kind: "static",
  mode: "strict",
  strictAgents: false,
  graceSeconds: null,
  instanceTimeoutSeconds: null,
  stages,
};
const unbounded = stages.map(({ name }) => ({ name, timeoutSeconds: null }));
const FLEXIBLE: Definition = { ...STRICT, mode: "flexible", stages: unbounded };
const DYNAMIC: Definition = { ...FLEXIBLE, kind: "dynamic", stages: [] };

const running: Standing = {
  status: "running",
  startedAt: START,
  endedAt: null,
  failureReason: null,
  dueAt: START + 8 * MINUTE,
  creditMs: 0,
  definition: STRICT,
  paths: ["1", "2", "3"],
  progressAt: START + 3 * MINUTE,
  newest: { path: "3", name: null },
};
const ended = { endedAt: START + 330 * SECOND, dueAt: null };
const at = START + 4 * MINUTE;

test("a page whose clock was looked at before it began says that it has just begun", () => {
  const fresh = { ...running, dueAt: null, paths: ["1"], newest: { path: "1", name: null }, definition: DYNAMIC };
  expect(instanceSentence(fresh, START - 1200)).toBe("Running for less than a second: stage 1.");
});

test.each<[string, Partial<Standing>]>([
  ["Running for 4 minutes: stage 3 of 5 (Train), next expected by 14:08 UTC, else it fails.", {}],
  ["Running for 4 minutes: stage 3 of 5 (Train).", { dueAt: null, definition: { ...STRICT, stages: unbounded } }],
  [
    "Running for 4 minutes: stage 3 of 5 (Train), next was expected by 14:03 UTC: it is about to fail.",
    { dueAt: START + 3 * MINUTE },
  ],
  // The whole runs out of time before the stage does.
  [
    "Running for 4 minutes: stage 3 of 5 (Train), must be complete by 14:06 UTC, else it fails.",
    { dueAt: START + 6 * MINUTE, definition: { ...STRICT, instanceTimeoutSeconds: 360 } },
  ],
  [
    "Running for 4 minutes: 3 of 5 stages, last stage 1 (Load), stage 3 (Train) expected by 14:05 UTC, else it fails.",
    {
      definition: { ...FLEXIBLE, stages },
      paths: ["2", "5", "1"],
      newest: { path: "1", name: null },
      dueAt: START + 5 * MINUTE,
    },
  ],
  [
    "Running for 4 minutes: 2 of 5 stages, last stage 4 (As it said), must be complete by 15:00 UTC, else it fails.",
    {
      definition: { ...FLEXIBLE, graceSeconds: 3600 },
      paths: ["1", "4"],
      newest: { path: "4", name: "As it said" },
      dueAt: START + HOUR,
    },
  ],
  [
    "Running for 4 minutes: stage 2.1 (Train GPU A).",
    { definition: DYNAMIC, newest: { path: "2.1", name: "Train GPU A" }, dueAt: null },
  ],
  ["Running for 4 minutes: stage 2.1.", { definition: DYNAMIC, newest: { path: "2.1", name: null }, dueAt: null }],
  ["Running for 4 minutes: no stage has come.", { paths: [], newest: null, dueAt: null }],
  ["Paused: stage 3 of 5 (Train). Its stages are refused until it is resumed.", { status: "paused" }],
  ["Completed in 5 min 30 s.", { status: "completed", ...ended }],
  ["Failed at 14:05 UTC: Stage 3 timeout.", { status: "failed", ...ended, failureReason: "Stage 3 timeout" }],
  ["Failed at 14:05 UTC.", { status: "failed", ...ended }],
  ["Terminated at 14:05 UTC: Budget exceeded.", { status: "terminated", ...ended, failureReason: "Budget exceeded" }],
])("%s", (sentence, fields) => {
  expect(instanceSentence({ ...running, ...fields }, at)).toBe(sentence);
});

test("another day is named", () => {
  const failed: Standing = { ...running, status: "failed", ...ended, failureReason: "Instance timeout" };
  expect(instanceSentence(failed, at + 48 * HOUR)).toBe("Failed at 2026-01-05 14:05 UTC: Instance timeout.");
});
