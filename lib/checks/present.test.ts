import { describe, expect, test } from "vitest";
import { HOUR, MINUTE } from "@/lib/core/time";
import type { OpenRun } from "./open-runs";
import { displayName, type Standing, shownStatus, stateSentence } from "./present";
import { DEFAULT_RULES } from "./rules";
import type { CheckState } from "./state";

const NOW = Date.parse("2027-03-01T12:00:00Z");

const check = (fields: Partial<CheckState>): CheckState => ({
  status: "up",
  schedule: { kind: "period", timeoutSeconds: 3600 },
  graceMs: 10 * MINUTE,
  rules: DEFAULT_RULES,
  lateAt: null,
  progress: null,
  lastPingAt: NOW - 30 * MINUTE,
  lastDurationMs: null,
  dueAt: NOW + 40 * MINUTE,
  openRuns: [],
  endedNames: [],
  missed: null,
  ...fields,
});
const run = (dueAt: number | null): OpenRun => ({ id: "r", rid: null, startedAt: NOW - 5 * MINUTE, dueAt });
const late = { lastPingAt: NOW - 64 * MINUTE, dueAt: NOW + 6 * MINUTE };

const CASES: [string, Partial<CheckState>, string, string][] = [
  ["new", { status: "new", lastPingAt: null, dueAt: null }, "new", "Waiting for the first signal."],
  ["up", {}, "up", "Up. Last signal 30 minutes ago, next expected in 30 minutes."],
  [
    "up without a schedule",
    { schedule: { kind: "none" }, dueAt: null },
    "up",
    "Up. Last signal 30 minutes ago. No schedule: only failures and its runs are watched.",
  ],
  ["late", late, "late", "Late by 4 minutes. Alerts at 12:06 UTC."],
  [
    "overdue, not yet swept",
    { dueAt: NOW - MINUTE },
    "down",
    "Down for 1 minute: no signal came in time. Last signal 30 minutes ago.",
  ],
  [
    "down",
    { status: "down", dueAt: null },
    "down",
    "Down for 2 hours: it reported exit status 2. Last signal 30 minutes ago.",
  ],
  ["paused", { status: "paused", dueAt: null }, "paused", "Paused. Nothing is expected until it is resumed."],
  ["running", { openRuns: [run(NOW + MINUTE)] }, "running", "Running for 5 minutes. Must finish by 12:01 UTC."],
  ["running while late", { ...late, openRuns: [run(NOW + MINUTE)] }, "late", "Late by 4 minutes. Alerts at 12:06 UTC."],
  [
    "running while down",
    { status: "down", dueAt: null, openRuns: [run(NOW + MINUTE)] },
    "down",
    "Down for 2 hours: it reported exit status 2. Last signal 30 minutes ago.",
  ],
  [
    "with a run that timed out",
    { openRuns: [run(null)] },
    "up",
    "Up. Last signal 30 minutes ago, next expected in 30 minutes.",
  ],
];

const DOWN: Standing = { since: NOW - 2 * HOUR, why: { reason: "fail", exitStatus: 2 }, now: NOW };

describe("a check as people see it", () => {
  test.each(CASES)("%s", (_what, fields, status, sentence) => {
    const state = check(fields);
    expect([shownStatus(state, NOW), stateSentence(state, DOWN)]).toEqual([status, sentence]);
  });

  test.each<[Standing["why"], string]>([
    [{ reason: "timeout", exitStatus: null }, "Down for 2 hours: no signal came in time. "],
    [{ reason: "run_timeout", exitStatus: null }, "Down for 2 hours: a run did not finish in time. "],
    [{ reason: "fail", exitStatus: null }, "Down for 2 hours: it reported a failure. "],
    [null, "Down for 2 hours. "],
  ])("says why it is down: %o", (why, words) => {
    expect(stateSentence(check({ status: "down", dueAt: null }), { ...DOWN, why })).toContain(words);
  });

  test("a run that is overdue is the reason, where it is", () => {
    const overrun = check({ openRuns: [run(NOW - MINUTE)] });
    expect(stateSentence(overrun, DOWN)).toContain("Down for 1 minute: a run did not finish in time.");
  });

  test("far deadlines are said with their day", () => {
    const far = check({ openRuns: [run(NOW + 30 * HOUR)] });
    expect(stateSentence(far, DOWN)).toContain("2027-03-02 18:00 UTC");
  });

  test("is called by its name, else its slug, else its id", () => {
    expect(displayName({ id: "i", name: "Backup", slug: "backup" })).toBe("Backup");
    expect(displayName({ id: "i", name: "", slug: "backup" })).toBe("backup");
    expect(displayName({ id: "i", name: "", slug: "" })).toBe("i");
  });
});
