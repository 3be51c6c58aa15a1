import { expect, test } from "vitest";
import { DEFAULT_CHECK } from "@/lib/checks/store/fields";
import { applyInput, slugify } from "./input";

test.each([
  ["Database Backup", "database-backup"],
  ["  Ünïcode — ok!  ", "unicode-ok"],
  ["--__a--b__--", "a-b"],
  ["日本", ""],
  ["a".repeat(120), "a".repeat(100)],
])("the slug of %j is %j", (name, slug) => {
  expect(slugify(name)).toBe(slug);
});

test("versions 1 and 2 derive the slug from a new name, version 3 does not", () => {
  const named = { ...DEFAULT_CHECK, name: "Old", slug: "kept" };
  expect(applyInput(named, { name: "New Name" }, 1).slug).toBe("new-name");
  expect(applyInput(named, { name: "New Name" }, 2).slug).toBe("new-name");
  expect(applyInput(named, { name: "New Name" }, 3).slug).toBe("kept");
  expect(applyInput(named, { name: "Old" }, 1).slug).toBe("kept");
  expect(applyInput(named, { name: "New Name", slug: "mine" }, 1).slug).toBe("mine");
});

test("a schedule wins over a period, and each replaces the other", () => {
  const cron = applyInput(DEFAULT_CHECK, { schedule: "0 3 * * *", timeout: 60, tz: "Asia/Tokyo" }, 3);
  expect(cron).toMatchObject({ schedule: "0 3 * * *", timeoutSeconds: null, timeZone: "Asia/Tokyo" });
  expect(applyInput(cron, { timeout: 60 }, 3)).toMatchObject({
    schedule: null,
    timeoutSeconds: 60,
    timeZone: "Asia/Tokyo",
  });
  expect(applyInput(cron, { grace: 60 }, 3)).toMatchObject({
    schedule: "0 3 * * *",
    timeoutSeconds: null,
    graceSeconds: 60,
  });
});

test("having no schedule wins, and a period or a schedule ends it", () => {
  const none = applyInput(DEFAULT_CHECK, { unscheduled: true, schedule: "0 3 * * *", timeout: 60 }, 3);
  expect(none).toMatchObject({ schedule: null, timeoutSeconds: null });
  expect(applyInput(none, { grace: 60 }, 3)).toMatchObject({ schedule: null, timeoutSeconds: null });
  expect(applyInput(none, { timeout: 60 }, 3)).toMatchObject({ schedule: null, timeoutSeconds: 60 });
  expect(applyInput(none, { schedule: "0 3 * * *" }, 3)).toMatchObject({ schedule: "0 3 * * *", timeoutSeconds: null });
  expect(applyInput(none, { unscheduled: false }, 3)).toMatchObject({ schedule: null, timeoutSeconds: 86_400 });
  const cron = applyInput(DEFAULT_CHECK, { schedule: "0 3 * * *", unscheduled: false }, 3);
  expect(applyInput(cron, { unscheduled: false }, 3)).toMatchObject({ schedule: "0 3 * * *", timeoutSeconds: null });
});

test("the old names of keywords switch the subject filter; the new names win", () => {
  const on = applyInput(DEFAULT_CHECK, { subject: "OK", subject_fail: "ERROR" }, 3);
  expect(on).toMatchObject({ successKeywords: "OK", failureKeywords: "ERROR", filterSubject: true });
  expect(applyInput(on, { subject: "" }, 3)).toMatchObject({ successKeywords: "", filterSubject: true });
  expect(applyInput(on, { subject: "", subject_fail: "" }, 3)).toMatchObject({ filterSubject: false });
  expect(applyInput(DEFAULT_CHECK, { subject: "OK", success_kw: "DONE", filter_subject: false }, 3)).toMatchObject({
    successKeywords: "DONE",
    filterSubject: false,
  });
  expect(applyInput(on, { success_kw: "x" }, 3).filterSubject).toBe(true);
});

test("what the input leaves out stays", () => {
  const full = applyInput(
    DEFAULT_CHECK,
    {
      name: "n",
      slug: "s",
      tags: "a b",
      desc: "d",
      manual_resume: true,
      methods: "POST",
      start_kw: "1",
      success_kw: "2",
      failure_kw: "3",
      filter_subject: true,
      filter_body: true,
      filter_http_body: true,
      filter_default_fail: true,
      timeout: 60,
      grace: 61,
      tz: "Asia/Tokyo",
      max_misses: 3,
      max_run_seconds: 600,
      min_run_seconds: 5,
      single_run: true,
      stuck_after: 4,
      warning_exits: "1",
      ignore_previews: true,
      metrics: [{ name: "rows", min: 1 }],
    },
    3,
  );
  expect(applyInput(full, {}, 3)).toEqual(full);
  const untouched = Object.entries(DEFAULT_CHECK).filter(
    ([field, value]) => full[field as keyof typeof full] === value,
  );
  expect(untouched.map(([field]) => field)).toEqual(["schedule"]);
  const freed = applyInput(full, { max_run_seconds: null, min_run_seconds: null, stuck_after: null, metrics: null }, 3);
  expect(freed).toMatchObject({
    maxRunSeconds: null,
    minRunSeconds: null,
    stuckAfter: null,
    maxMisses: 3,
    metrics: null,
  });
});
