import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DEFAULT_CHECK } from "@/lib/checks/store/fields";
import { formErrors, formOf, newForm, refusedField, toDuration, toInput, toSeconds } from "./form";
import { applyInput } from "./input";
import { newMetricRow } from "./metrics/form";
import { CheckInput } from "./schema";

const NEW = { ...newForm(["a", "b"], "Europe/Berlin"), name: "Backup" };

test("a new form can be saved once it has a name", () => {
  expect(formErrors(newForm([], "UTC"))).toEqual({ name: "Give it a name." });
  expect(formErrors(NEW)).toEqual({});
  expect(toInput(NEW)).toMatchObject({ name: "Backup", timeout: 86_400, grace: 3600, channels: "a,b", methods: "" });
});

test("what is stored comes back unchanged from the form", () => {
  const stored = {
    ...DEFAULT_CHECK,
    name: "Report",
    slug: "report",
    tags: "prod db",
    description: "two\nlines",
    graceSeconds: 90,
    manualResume: true,
    methods: "POST",
    startKeywords: "begin",
    failureKeywords: "panic",
    filterHttpBody: true,
    maxMisses: 3,
    maxRunSeconds: 5400,
    minRunSeconds: 7,
    singleRun: true,
    stuckAfter: 4,
    warningExits: "1,75-78",
    ignorePreviews: true,
    metrics: [{ name: "rows", min: 1 }, { name: "db.lag", min: -0.5, max: 3e9 }, { name: "any" }],
  };
  for (const timing of [
    { timeoutSeconds: 5400, schedule: null },
    { timeoutSeconds: null, schedule: "*/5 * * * *", timeZone: "Asia/Tokyo" },
    { timeoutSeconds: null, schedule: "Mon..Fri 09:00", timeZone: "Europe/Berlin" },
    { timeoutSeconds: null, schedule: null },
  ]) {
    const check = { ...stored, ...timing };
    const form = formOf(check, ["x"]);
    expect(formErrors(form)).toEqual({});
    expect(applyInput(check, CheckInput.parse(toInput(form)), 3)).toEqual(check);
  }
});

describe("what is wrong stands beside its field", () => {
  test.each([
    ["slug", { slug: "Über" }, "Only a to z, 0 to 9, - and _ can be used here."],
    ["name", { name: "x".repeat(101) }, "This is too long."],
    ["name", { name: "  " }, "Give it a name."],
    ["timeout", { timeout: { count: 59, unit: "seconds" as const } }, "It must be at least one minute."],
    ["timeout", { timeout: { count: "", unit: "days" as const } }, "Enter a whole number."],
    ["timeout", { timeout: { count: 1.5, unit: "seconds" as const } }, "Enter a whole number."],
    ["grace", { grace: { count: 366, unit: "days" as const } }, "It can be at most 365 days."],
    ["cron", { kind: "cron" as const, cron: "61 * * * *" }, "This is not an expression that ever comes due."],
    [
      "cron",
      { kind: "cron" as const, cron: "daily" },
      "A cron expression has five fields: minute, hour, day, month, weekday.",
    ],
    [
      "oncalendar",
      { kind: "oncalendar" as const, oncalendar: "* * * * *" },
      "This is a cron expression. Choose Cron above for it.",
    ],
    ["grace", { kind: "none" as const, grace: { count: "", unit: "days" as const } }, "Enter a whole number."],
    ["metrics.0.name", { metrics: [{ ...newMetricRow("a"), min: 1 }] }, "Give it a name."],
    [
      "metrics.1.name",
      {
        metrics: [
          { ...newMetricRow("a"), name: "rows" },
          { ...newMetricRow("b"), name: "rows " },
        ],
      },
      "This name is used above.",
    ],
    [
      "metrics.0.max",
      { metrics: [{ ...newMetricRow("a"), name: "rows", min: 2, max: 1 }] },
      "It must not be below the smallest.",
    ],
    ["metrics.0.min", { metrics: [{ ...newMetricRow("a"), name: "rows", min: "-" }] }, "Enter a number, or nothing."],
    ["max_misses", { max_misses: 11 }, "It can be at most 10."],
    ["max_misses", { max_misses: "" }, "Enter a whole number."],
    ["stuck_after", { stuck_after: 1 }, "It must be at least 2."],
    ["warning_exits", { warning_exits: "0" }, "Enter statuses from 1 to 255, such as 1, 75-78."],
    ["warning_exits", { warning_exits: "9-3" }, "Enter statuses from 1 to 255, such as 1, 75-78."],
    ["warning_exits", { warning_exits: "1,,2" }, "Enter statuses from 1 to 255, such as 1, 75-78."],
    ["max_run", { bounds_run: true, max_run: { count: 0, unit: "hours" as const } }, "It must be at least one second."],
    [
      "min_run",
      { bounds_run: true, bounds_short_run: true, min_run: { count: 2, unit: "hours" as const } },
      "It must not be longer than the longest run.",
    ],
    ["tz", { kind: "cron" as const, tz: "Mars/Olympus" }, "There is no such time zone."],
  ])("%s %j", (field, change, message) => {
    expect(formErrors({ ...NEW, ...change })).toEqual({ [field]: message });
  });

  test("also in the words of the API", () => {
    const form = { ...NEW, kind: "cron" as const };
    expect(refusedField("json validation error: schedule is not a valid cron or OnCalendar expression", form)).toEqual({
      field: "cron",
      message: "This is not an expression that ever comes due.",
    });
    expect(refusedField("json validation error: tags is too long", form)).toEqual({
      field: "tags",
      message: "This is too long.",
    });
    expect(refusedField("json validation error: max_run_seconds is smaller than min_run_seconds", form)).toEqual({
      field: "max_run",
      message: "It must not be shorter than the shortest run.",
    });
    expect(refusedField("invalid channel identifier: 17", form)?.field).toBe("channels");
    expect(refusedField("check not found", form)).toBeNull();
  });
});

test("seconds survive being shown in another unit", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 31_536_000 }), (seconds) => {
      const shown = toDuration(seconds);
      expect(Number.isInteger(shown.count)).toBe(true);
      expect(toSeconds(shown)).toBe(seconds);
    }),
  );
});
