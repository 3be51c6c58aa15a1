import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readMonitor } from "./sentry-monitor";

const HOURLY = { type: "crontab", value: "0 * * * *" };
const given = (config: object) => {
  const { config: read } = readMonitor(config);
  return "given" in read ? read.given : read.wrong;
};

describe("what can be told here", () => {
  test("the example of its documents", () => {
    const said = {
      schedule: HOURLY,
      checkin_margin: 5,
      max_runtime: 30,
      timezone: "America/Los_Angeles",
      failure_issue_threshold: 2,
      recovery_threshold: 3,
      owner: "team:1",
    };
    const settings = {
      schedule: "0 * * * *",
      timeoutSeconds: null,
      timeZone: "America/Los_Angeles",
      graceSeconds: 300,
      maxRunSeconds: 1800,
      maxMisses: 2,
    };
    expect(readMonitor(said)).toEqual({
      config: { given: settings, whenNew: settings },
      rest: { recovery_threshold: 3, owner: "team:1" },
    });
  });

  test("what is not said stays, and is as that service has it when the monitor is new", () => {
    const interval = { schedule: { type: "interval", value: 2, unit: "hour" } };
    const told = { schedule: null, timeoutSeconds: 7200 };
    expect(readMonitor(interval)).toEqual({
      config: {
        given: told,
        whenNew: { ...told, timeZone: "UTC", graceSeconds: 60, maxRunSeconds: 1800, maxMisses: 1 },
      },
      rest: undefined,
    });
    expect(given({ ...interval, checkin_margin: null, timezone: null, max_runtime: null })).toEqual(told);
  });

  test.each([
    [
      { type: "interval", value: 1, unit: "minute" },
      { timeoutSeconds: 60, schedule: null },
    ],
    [
      { type: "interval", value: 3, unit: "day" },
      { timeoutSeconds: 259_200, schedule: null },
    ],
    [
      { type: "interval", value: 1, unit: "month" },
      { timeoutSeconds: 2_678_400, schedule: null },
    ],
    [
      { type: "interval", value: 1, unit: "year" },
      { timeoutSeconds: 31_536_000, schedule: null },
    ],
    [
      { type: "crontab", value: " 5 4 * * sun " },
      { timeoutSeconds: null, schedule: "5 4 * * sun" },
    ],
    [
      { type: "crontab", value: "@daily" },
      { timeoutSeconds: null, schedule: "0 0 * * *" },
    ],
  ])("%j", (schedule, settings) => {
    expect(given({ schedule })).toEqual(settings);
  });

  test("the older spelling", () => {
    expect(given({ schedule_type: "crontab", schedule: "0 3 * * *" })).toEqual({
      schedule: "0 3 * * *",
      timeoutSeconds: null,
    });
    expect(given({ schedule_type: "interval", schedule: [5, "minute"] })).toEqual({
      schedule: null,
      timeoutSeconds: 300,
    });
  });

  test("a margin of nothing is the shortest grace, and a threshold above ten is kept as it was said", () => {
    const read = readMonitor({ schedule: HOURLY, checkin_margin: 0, failure_issue_threshold: 11 });
    expect(read.config).toMatchObject({ given: { graceSeconds: 60 }, whenNew: { maxMisses: 1 } });
    expect(read.rest).toEqual({ failure_issue_threshold: 11 });
  });
});

describe("what is wrong is told by name, and kept whole", () => {
  test.each([
    [5, "must be an object"],
    [[HOURLY], "must be an object"],
    [{}, "schedule must have the type"],
    [{ schedule: { type: "solar", value: "dawn" } }, "schedule must have the type"],
    [{ schedule: { type: "crontab", value: "61 * * * *" } }, "schedule must be a cron expression"],
    [{ schedule: { type: "crontab", value: "Mon 09:00" } }, "schedule must be a cron expression"],
    [{ schedule: { type: "crontab", value: "* * * * * *" } }, "schedule must be a cron expression"],
    [{ schedule: { type: "crontab", value: ["*"] } }, "schedule must be a cron expression"],
    [{ schedule: { type: "interval", value: 0, unit: "hour" } }, "schedule must be an interval"],
    [{ schedule: { type: "interval", value: "1", unit: "hour" } }, "schedule must be an interval"],
    [{ schedule: { type: "interval", value: 1.001, unit: "minute" } }, "schedule must be an interval"],
    [{ schedule: { type: "interval", value: 1, unit: "second" } }, "schedule must be an interval"],
    [{ schedule: { type: "interval", value: 13, unit: "month" } }, "schedule must be an interval"],
    [{ schedule: HOURLY, timezone: "Mars/Olympus" }, "timezone must be"],
    [{ schedule: HOURLY, timezone: 5 }, "timezone must be"],
    [{ schedule: HOURLY, checkin_margin: -1 }, "checkin_margin must be"],
    [{ schedule: HOURLY, checkin_margin: "5" }, "checkin_margin must be"],
    [{ schedule: HOURLY, max_runtime: 0 }, "max_runtime must be"],
    [{ schedule: HOURLY, max_runtime: 1e9 }, "max_runtime must be"],
    [{ schedule: HOURLY, failure_issue_threshold: 0.5 }, "failure_issue_threshold must be"],
  ])("%j", (said, words) => {
    const { config, rest } = readMonitor(said);
    expect(config).toEqual({ wrong: expect.stringContaining(`monitor_config: ${words}`) });
    expect(rest).toBe(said);
  });

  test("whatever is said, it is read or complained of, and what is read can be stored", () => {
    const names = ["schedule", "schedule_type", "timezone", "checkin_margin", "max_runtime", "failure_issue_threshold"];
    const schedule = fc.record({
      type: fc.constantFrom("crontab", "interval"),
      value: fc.oneof(fc.constantFrom("0 3 * * *", "@hourly"), fc.integer({ min: -1, max: 100 })),
      unit: fc.constantFrom("minute", "hour", "day", "week", "month", "year"),
    });
    const value = fc.oneof({ weight: 2, arbitrary: schedule }, fc.integer(), fc.jsonValue());
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), value, { size: "small" }), (said) => {
        const { config } = readMonitor(said);
        if ("wrong" in config) return;
        const { timeoutSeconds, schedule: expression, graceSeconds = 60, maxMisses = 1 } = config.whenNew;
        expect([timeoutSeconds, expression].filter((one) => one !== null)).toHaveLength(1);
        expect(Number.isInteger(graceSeconds) && graceSeconds >= 60 && graceSeconds <= 31_536_000).toBe(true);
        expect(maxMisses >= 1 && maxMisses <= 10).toBe(true);
      }),
    );
  });
});
