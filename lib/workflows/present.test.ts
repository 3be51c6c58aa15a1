import { expect, test } from "vitest";
import { DAY, MINUTE, SECOND } from "@/lib/core/time";
import { type EndedInstance, type OpenInstance, refusalWords, type Standing, standingSentence } from "./present";

const NOW = Date.UTC(2026, 0, 5, 12);
const TRAIN: OpenInstance = {
  status: "running",
  mode: "strict",
  declared: { reached: 3, total: 5 },
  last: { path: "3", name: "Train", at: NOW - 2 * MINUTE },
};
const DONE: EndedInstance = {
  status: "completed",
  reason: null,
  startedAt: NOW - 10 * MINUTE,
  endedAt: NOW - 5 * MINUTE,
};
const FAILED: EndedInstance = { ...DONE, status: "failed", reason: "Stage 3 timeout" };
const FLEXIBLE: OpenInstance = { ...TRAIN, mode: "flexible" };

test.each<[string, Partial<Standing>]>([
  ["Waiting for the first signal.", {}],
  ["Running: stage 3 of 5, Train, for 2 minutes.", { running: 1, open: TRAIN }],
  ["Running: stage 3 of 5, Train, for 2 minutes.", { running: 1, open: FLEXIBLE, ended: DONE }],
  [
    "Running: 2 of 5 stages have come, the last Train 2 minutes ago.",
    { running: 1, open: { ...FLEXIBLE, declared: { reached: 2, total: 5 } } },
  ],
  [
    "Running: stage 2.1, for 10 seconds.",
    { running: 1, open: { ...FLEXIBLE, declared: null, last: { path: "2.1", name: null, at: NOW - 10 * SECOND } } },
  ],
  ["3 instances are running. The newest: stage 3 of 5, Train, for 2 minutes.", { running: 3, open: TRAIN }],
  ["Running: no stage has come yet.", { running: 1, open: { ...TRAIN, last: null } }],
  [
    "Running: stage 3 of 5, Train, for 2 minutes. The last run failed 5 minutes ago: Stage 3 timeout.",
    { running: 1, open: TRAIN, ended: FAILED },
  ],
  ["Paused: stage 3 of 5, Train, for 2 minutes.", { open: { ...TRAIN, status: "paused" } }],
  ["The last run failed 5 minutes ago: Stage 3 timeout.", { ended: FAILED }],
  ["The last run failed 5 minutes ago.", { ended: { ...FAILED, reason: null } }],
  ["The last run was terminated 5 minutes ago.", { ended: { ...DONE, status: "terminated" } }],
  ["The last run completed 5 minutes ago, after 5 minutes.", { ended: DONE }],
  [
    "The last run completed 3 days ago, after 1 hour 30 minutes.",
    { ended: { ...DONE, startedAt: NOW - 3 * DAY - 90 * MINUTE, endedAt: NOW - 3 * DAY } },
  ],
])("%s", (sentence, standing) => {
  expect(standingSentence({ running: 0, open: null, ended: null, ...standing }, NOW)).toBe(sentence);
});

test("a code nobody has words for is still readable", () => {
  expect(refusalWords("stage_missed")).toBe("A stage was skipped");
  expect(refusalWords("something_new")).toBe("Something new");
});
