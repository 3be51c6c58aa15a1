import type { z } from "zod";
import { type MetricRow, metricRows, metricSettings } from "@/lib/checks/metrics/form";
import { parseSchedule } from "@/lib/checks/schedule/schedule";
import type { CheckFields } from "@/lib/checks/store/fields";
import { CheckInput } from "./schema";

export const UNITS = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 } as const;
export type Unit = keyof typeof UNITS;
export type ScheduleKind = "period" | "cron" | "oncalendar" | "none";

/** A number of units as a field holds it: a text while it is typed. */
export type Duration = { count: number | string; unit: Unit };

/** A check as the form holds it. */
export type CheckForm = {
  name: string;
  slug: string;
  tags: string[];
  desc: string;
  kind: ScheduleKind;
  timeout: Duration;
  cron: string;
  oncalendar: string;
  tz: string;
  grace: Duration;
  channels: string[];
  postOnly: boolean;
  manual_resume: boolean;
  start_kw: string;
  success_kw: string;
  failure_kw: string;
  filter_http_body: boolean;
  filter_default_fail: boolean;
  max_misses: number | string;
  bounds_run: boolean;
  max_run: Duration;
  bounds_short_run: boolean;
  min_run: Duration;
  single_run: boolean;
  /** Blank where nobody asks for it. */
  stuck_after: number | string;
  warning_exits: string;
  ignore_previews: boolean;
  metrics: MetricRow[];
};

/** A new check: once a day, with an hour of grace, told to these channels. */
export function newForm(channels: string[], tz: string): CheckForm {
  return {
    name: "",
    slug: "",
    tags: [],
    desc: "",
    kind: "period",
    timeout: { count: 1, unit: "days" },
    cron: "0 3 * * *",
    oncalendar: "*-*-* 03:00",
    tz,
    grace: { count: 1, unit: "hours" },
    channels,
    postOnly: false,
    manual_resume: false,
    start_kw: "",
    success_kw: "",
    failure_kw: "",
    filter_http_body: false,
    filter_default_fail: false,
    max_misses: 1,
    bounds_run: false,
    max_run: { count: 1, unit: "hours" },
    bounds_short_run: false,
    min_run: { count: 1, unit: "minutes" },
    single_run: false,
    stuck_after: "",
    warning_exits: "",
    ignore_previews: false,
    metrics: [],
  };
}

/** The form of a check that exists. */
export function formOf(stored: CheckFields, channels: string[]): CheckForm {
  const fresh = newForm(channels, stored.timeZone);
  const { schedule, timeoutSeconds } = stored;
  const kind = kindOf(stored);
  return {
    ...fresh,
    name: stored.name,
    slug: stored.slug,
    tags: stored.tags.split(" ").filter(Boolean),
    desc: stored.description,
    kind,
    timeout: timeoutSeconds === null ? fresh.timeout : toDuration(timeoutSeconds),
    ...(schedule !== null && { [kind]: schedule }),
    grace: toDuration(stored.graceSeconds),
    postOnly: stored.methods === "POST",
    manual_resume: stored.manualResume,
    start_kw: stored.startKeywords,
    success_kw: stored.successKeywords,
    failure_kw: stored.failureKeywords,
    filter_http_body: stored.filterHttpBody,
    filter_default_fail: stored.filterDefaultFail,
    ...rulesForm(stored, fresh),
  };
}

function kindOf({ schedule, timeoutSeconds }: CheckFields): ScheduleKind {
  if (schedule !== null) return parseSchedule(schedule) ?? "cron";
  return timeoutSeconds === null ? "none" : "period";
}

function rulesForm(stored: CheckFields, fresh: CheckForm): Partial<CheckForm> {
  const { maxRunSeconds: longest, minRunSeconds: shortest } = stored;
  return {
    max_misses: stored.maxMisses,
    bounds_run: longest !== null,
    max_run: longest === null ? fresh.max_run : toDuration(longest),
    bounds_short_run: shortest !== null,
    min_run: shortest === null ? fresh.min_run : toDuration(shortest),
    single_run: stored.singleRun,
    stuck_after: stored.stuckAfter ?? "",
    warning_exits: stored.warningExits,
    ignore_previews: stored.ignorePreviews,
    metrics: metricRows(stored.metrics),
  };
}

/** Seconds in the largest unit that holds them exactly. */
export function toDuration(seconds: number): Duration {
  const largest = (["days", "hours", "minutes"] as const).find((unit) => seconds % UNITS[unit] === 0) ?? "seconds";
  return { count: seconds / UNITS[largest], unit: largest };
}

/** A duration in seconds; not a number while the field is empty. */
export function toSeconds({ count, unit }: Duration): number {
  return count === "" ? Number.NaN : Number(count) * UNITS[unit];
}

/** The form in the words of the management API. */
export function toInput(form: CheckForm): z.input<typeof CheckInput> {
  return {
    ...timingInput(form),
    name: form.name.trim(),
    slug: form.slug.trim(),
    tags: form.tags.join(" "),
    desc: form.desc,
    grace: toSeconds(form.grace),
    channels: form.channels.join(","),
    methods: form.postOnly ? "POST" : "",
    manual_resume: form.manual_resume,
    start_kw: form.start_kw,
    success_kw: form.success_kw,
    failure_kw: form.failure_kw,
    filter_http_body: form.filter_http_body,
    filter_default_fail: form.filter_default_fail,
    ...rulesInput(form),
  };
}

function timingInput({ kind, ...form }: CheckForm): CheckInput {
  if (kind === "none") return { unscheduled: true };
  return kind === "period" ? { timeout: toSeconds(form.timeout) } : { schedule: form[kind].trim(), tz: form.tz };
}

const toNumber = (typed: number | string): number => (typed === "" ? Number.NaN : Number(typed));

function rulesInput(form: CheckForm): z.input<typeof CheckInput> {
  return {
    max_misses: toNumber(form.max_misses),
    max_run_seconds: form.bounds_run ? toSeconds(form.max_run) : null,
    min_run_seconds: form.bounds_short_run ? toSeconds(form.min_run) : null,
    single_run: form.single_run,
    stuck_after: form.stuck_after === "" ? null : Number(form.stuck_after),
    warning_exits: form.warning_exits.trim(),
    ignore_previews: form.ignore_previews,
    metrics: metricSettings(form.metrics),
  };
}

type Errors = Record<string, string>;

const OTHER_SYNTAX = {
  cron: "A cron expression has five fields: minute, hour, day, month, weekday.",
  oncalendar: "This is a cron expression. Choose Cron above for it.",
};

/** What is wrong with the form, by field and in plain words; empty when it can be saved. The rules are the API's own. */
export function formErrors(form: CheckForm): Errors {
  const errors: Errors = {};
  for (const { path, message } of CheckInput.safeParse(toInput(form)).error?.issues ?? []) {
    const name = path[0] === "metrics" ? path.join(".") : fieldOf(String(path[0]), form);
    errors[name] ??= plainWords(String(path[0]), message);
  }
  if (form.name.trim() === "") errors["name"] = "Give it a name.";
  if (form.bounds_run && form.bounds_short_run && toSeconds(form.min_run) > toSeconds(form.max_run))
    errors["min_run"] ??= "It must not be longer than the longest run.";
  const { kind } = form;
  const isCalendar = kind === "cron" || kind === "oncalendar";
  if (isCalendar && errors[kind] === undefined && parseSchedule(form[kind].trim()) !== kind)
    errors[kind] = OTHER_SYNTAX[kind];
  return errors;
}

const REFUSAL = /^json validation error: (?:an item in ')?(\w+)'? (.+)$/;

/** The field an answer of the management API complains about, in plain words; null when it names none of the form. */
export function refusedField(message: string, form: CheckForm): { field: string; message: string } | null {
  if (/channel identifier/.test(message))
    return { field: "channels", message: "One of these channels is gone. Choose again." };
  const [, field, words] = REFUSAL.exec(message) ?? [];
  // Of the metrics it does not tell which one.
  if (field === undefined || words === undefined || field === "metrics") return null;
  return { field: fieldOf(field, form), message: plainWords(field, words) };
}

/** Where the form calls a field otherwise than the API. */
const FIELDS: Record<string, string> = { max_run_seconds: "max_run", min_run_seconds: "min_run" };
const fieldOf = (name: string, form: CheckForm): string => (name === "schedule" ? form.kind : (FIELDS[name] ?? name));

const WORDS: Record<string, string> = {
  "timeout is too small": "It must be at least one minute.",
  "timeout is too large": "It can be at most 365 days.",
  "timeout is not a number": "Enter a whole number.",
  "grace is too small": "It must be at least one minute.",
  "grace is too large": "It can be at most 365 days.",
  "grace is not a number": "Enter a whole number.",
  "max_misses is not a number": "Enter a whole number.",
  "max_misses is too small": "It must be at least 1.",
  "max_misses is too large": "It can be at most 10.",
  "max_run_seconds is not a number": "Enter a whole number.",
  "max_run_seconds is too small": "It must be at least one second.",
  "max_run_seconds is too large": "It can be at most 365 days.",
  "min_run_seconds is not a number": "Enter a whole number.",
  "min_run_seconds is too small": "It must be at least one second.",
  "min_run_seconds is too large": "It can be at most 365 days.",
  "min_run_seconds is larger than max_run_seconds": "It must not be longer than the longest run.",
  "max_run_seconds is smaller than min_run_seconds": "It must not be shorter than the shortest run.",
  "stuck_after is not a number": "Enter a whole number, or nothing.",
  "stuck_after is too small": "It must be at least 2.",
  "stuck_after is too large": "It can be at most 100.",
  "warning_exits is not a list of exit statuses": "Enter statuses from 1 to 255, such as 1, 75-78.",
  "metrics has no name": "Give it a name.",
  "metrics has a name that is too long": "This is too long.",
  "metrics has a name with characters that cannot be stored": "It has characters that cannot be stored.",
  "metrics has a name that is used twice": "This name is used above.",
  "metrics has a bound that is not a number": "Enter a number, or nothing.",
  "metrics has a bound that is too small": "This is too far below zero.",
  "metrics has a bound that is too large": "This is too large.",
  "metrics has a largest value below the smallest": "It must not be below the smallest.",
  "slug does not match pattern": "Only a to z, 0 to 9, - and _ can be used here.",
  "schedule is not a valid cron or OnCalendar expression": "This is not an expression that ever comes due.",
  "tz is not a valid timezone": "There is no such time zone.",
};

function plainWords(field: string, message: string): string {
  if (message === "is too long") return "This is too long.";
  return WORDS[`${field} ${message}`] ?? `This ${message}.`;
}
