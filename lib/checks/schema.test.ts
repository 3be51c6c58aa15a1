import { describe, expect, test } from "vitest";
import { CheckInput, FlipFilter } from "./schema";

/** The first issue as the API words it: path and message. */
function complaint(body: object): string | null {
  const issue = CheckInput.safeParse(body).error?.issues[0];
  return issue === undefined ? null : `${issue.path.join(".")} ${issue.message}`;
}

const NUL = "a\0b";

describe("a create or update is refused in the reference's words", () => {
  const TEXTS = [
    "desc",
    "tags",
    "name",
    "slug",
    "start_kw",
    "success_kw",
    "failure_kw",
    "subject",
    "subject_fail",
    "channels",
    "tz",
    "schedule",
  ];
  const FLAGS = [
    "manual_resume",
    "filter_subject",
    "filter_body",
    "filter_http_body",
    "filter_default_fail",
    "single_run",
    "ignore_previews",
    "unscheduled",
  ];

  test.each(TEXTS)("%s must be a string without NUL, and never null", (field) => {
    for (const value of [null, 1, true, {}, ["x"]])
      expect(complaint({ [field]: value })).toBe(`${field} is not a string`);
    expect(complaint({ [field]: NUL })).toBe(`${field} does not match pattern`);
  });

  test.each(FLAGS)("%s must be a boolean", (field) => {
    for (const value of [null, 0, "true", {}]) expect(complaint({ [field]: value })).toBe(`${field} is not a boolean`);
  });

  test.each([
    ["max_misses", 1, 10, false],
    ["max_run_seconds", 1, 31_536_000, true],
    ["min_run_seconds", 1, 31_536_000, true],
    ["stuck_after", 2, 100, true],
  ])("%s is a whole number from %d to %d", (field, least, most, isNullable) => {
    expect(complaint({ [field]: least })).toBeNull();
    expect(complaint({ [field]: most })).toBeNull();
    expect(complaint({ [field]: least - 1 })).toBe(`${field} is too small`);
    expect(complaint({ [field]: most + 1 })).toBe(`${field} is too large`);
    for (const value of ["5", 5.5, true]) expect(complaint({ [field]: value })).toBe(`${field} is not a number`);
    expect(complaint({ [field]: null })).toBe(isNullable ? null : `${field} is not a number`);
  });

  test("warning_exits is a list of exit statuses and ranges of them", () => {
    for (const list of ["", " ", "1", "1,75-78", " 1 , 255 "]) expect(complaint({ warning_exits: list })).toBeNull();
    for (const list of ["0", "256", "78-75", "1,", "a", "1-2-3", "-1"])
      expect(complaint({ warning_exits: list })).toBe("warning_exits is not a list of exit statuses");
  });

  test.each(["timeout", "grace"])("%s must be a whole number of seconds from a minute to a year", (field) => {
    for (const value of [null, "3600", 3600.5, 60.5, 0.5, true, [60]])
      expect(complaint({ [field]: value })).toBe(`${field} is not a number`);
    for (const value of [59, 0, -1]) expect(complaint({ [field]: value })).toBe(`${field} is too small`);
    for (const value of [31_536_001, 1e20]) expect(complaint({ [field]: value })).toBe(`${field} is too large`);
    for (const value of [60, 31_536_000]) expect(complaint({ [field]: value })).toBeNull();
  });

  test.each([
    ["name", 100],
    ["tags", 500],
    ["start_kw", 200],
    ["success_kw", 200],
    ["failure_kw", 200],
    ["subject", 200],
    ["subject_fail", 200],
  ])("%s may have %i characters, counted as people count", (field, max) => {
    expect(complaint({ [field]: "🐙".repeat(max) })).toBeNull();
    expect(complaint({ [field]: "a".repeat(max + 1) })).toBe(`${field} is too long`);
    expect(complaint({ [field]: "🐙".repeat(max + 1) })).toBe(`${field} is too long`);
  });

  test.each([
    [{ slug: "a".repeat(101) }, "slug is too long"],
    [{ slug: "Hello" }, "slug does not match pattern"],
    [{ slug: "a\n" }, "slug does not match pattern"],
    [{ slug: "ä" }, "slug does not match pattern"],
    [{ methods: "GET" }, "methods has unexpected value"],
    [{ methods: null }, "methods has unexpected value"],
    [{ schedule: "* * * * *".padEnd(101) }, "schedule is too long"],
    [{ schedule: "" }, "schedule is not a valid cron or OnCalendar expression"],
    [{ schedule: "surprise" }, "schedule is not a valid cron or OnCalendar expression"],
    [{ schedule: "0 0 31 2 *" }, "schedule is not a valid cron or OnCalendar expression"],
    [{ schedule: "* * * * * *" }, "schedule is not a valid cron or OnCalendar expression"],
    [{ tz: "Europe/Atlantis" }, "tz is not a valid timezone"],
    [{ tz: "" }, "tz is not a valid timezone"],
    [{ tz: "+02:00" }, "tz is not a valid timezone"],
    [{ unique: "name" }, "unique is not an array"],
    [{ unique: null }, "unique is not an array"],
    [{ unique: ["status"] }, "unique.0 has unexpected value"],
    [{ unique: ["name", 1] }, "unique.1 has unexpected value"],
  ])("%j: %s", (body, words) => {
    expect(complaint(body)).toBe(words);
  });

  test("the first complaint is that of the first field in alphabetical order", () => {
    expect(complaint({ tz: 1, timeout: 1, grace: 1, channels: 1 })).toBe("channels is not a string");
    expect(complaint({ tz: 1, timeout: 1 })).toBe("timeout is too small");
  });
});

test("what is fine comes through, unknown keys do not, and a time zone becomes the name of today", () => {
  const body = {
    name: "Backup",
    slug: "a_b-1",
    tags: "",
    methods: "POST",
    unique: ["name", "slug", "tags", "timeout", "grace"],
  };
  expect(CheckInput.parse({ ...body, tz: "Europe/Kiev", schedule: "0 3 * * *", unknown: null })).toEqual({
    ...body,
    tz: "Europe/Kyiv",
    schedule: "0 3 * * *",
  });
  expect(CheckInput.parse({ schedule: "Mon..Fri 10:00", methods: "" })).toEqual({
    schedule: "Mon..Fri 10:00",
    methods: "",
  });
  expect(CheckInput.parse({})).toEqual({});
});

test("flip filters are whole seconds within their bounds; blank is absent", () => {
  expect(FlipFilter.parse({ start: "0", end: "10000000000", seconds: "31536000" })).toEqual({
    start: 0,
    end: 10_000_000_000,
    seconds: 31_536_000,
  });
  expect(FlipFilter.parse({ start: "", other: "x" })).toEqual({ start: undefined });
  for (const bad of [
    { start: "-1" },
    { end: "x" },
    { end: "10000000001" },
    { seconds: "31536001" },
    { seconds: "1.5" },
    { start: "1e3" },
  ]) {
    expect(FlipFilter.safeParse(bad).success).toBe(false);
  }
});
