import { z } from "zod";
import type { MetricSetting, OutOfBounds } from "@/lib/checks/metrics/metric";
import { MetricSettings } from "@/lib/checks/metrics/schema";
import { canonicalTimeZone, parseSchedule } from "@/lib/checks/schedule/schedule";

/** The versions of the management API: they differ in a status, in slugs and in the URLs they answer with. */
export type ApiVersion = 1 | 2 | 3;

/** Length as the reference counts it: code points, not UTF-16 units. */
const isWithin = (max: number) => (text: string) => text.length <= max || [...text].length <= max;

const text = (max = Number.POSITIVE_INFINITY) =>
  z
    .string("is not a string")
    .refine(isWithin(max), "is too long")
    // PostgreSQL cannot store NUL.
    .refine((value) => !value.includes("\0"), "does not match pattern");

const flag = z.boolean("is not a boolean");

const seconds = z
  .number("is not a number")
  .multipleOf(1, "is not a number")
  .min(60, "is too small")
  .max(31_536_000, "is too large");

const whole = (min: number, max: number) =>
  z.number("is not a number").multipleOf(1, "is not a number").min(min, "is too small").max(max, "is too large");

const runSeconds = whole(1, 31_536_000).nullable();

/** Exit statuses such as `1,75-78`: each 1 to 255, ranges from the smaller to the larger. */
const exits = text(200).refine(
  (list) =>
    list.trim() === "" ||
    list.split(",").every((part) => {
      const [, from, to = from] = /^\s*(\d{1,3})(?:-(\d{1,3}))?\s*$/.exec(part) ?? [];
      return from !== undefined && Number(from) >= 1 && Number(from) <= Number(to) && Number(to) <= 255;
    }),
  "is not a list of exit statuses",
);

const timeZone = text().transform((name, context) => {
  const canonical = canonicalTimeZone(name);
  if (canonical === null) context.addIssue({ code: "custom", message: "is not a valid timezone" });
  return canonical ?? z.NEVER;
});

const schedule = text(100).refine(
  (expression) => parseSchedule(expression) !== null,
  "is not a valid cron or OnCalendar expression",
);

const UNIQUE_FIELDS = ["name", "slug", "tags", "timeout", "grace"] as const;

/**
 * The body of a create or an update. Only the first issue is ever shown, so the fields stand in the order in which the
 * reference complains: alphabetically. Messages are the reference's own words, to go after the name of the field.
 */
export const CheckInput = z
  .object({
    channels: text(),
    desc: text(),
    failure_kw: text(200),
    filter_body: flag,
    filter_default_fail: flag,
    filter_http_body: flag,
    filter_subject: flag,
    grace: seconds,
    ignore_previews: flag,
    manual_resume: flag,
    max_misses: whole(1, 10),
    max_run_seconds: runSeconds,
    methods: z.literal(["", "POST"], "has unexpected value"),
    metrics: MetricSettings,
    min_run_seconds: runSeconds,
    name: text(100),
    schedule,
    single_run: flag,
    slug: text(100).regex(/^[a-z0-9_-]*$/, "does not match pattern"),
    start_kw: text(200),
    stuck_after: whole(2, 100).nullable(),
    subject: text(200),
    subject_fail: text(200),
    success_kw: text(200),
    tags: text(500),
    timeout: seconds,
    tz: timeZone,
    unique: z.array(z.enum(UNIQUE_FIELDS, "has unexpected value"), "is not an array"),
    unscheduled: flag,
    warning_exits: exits,
  })
  .partial();
export type CheckInput = z.infer<typeof CheckInput>;

/** A check as the management API shows it; with a key that only reads, `unique_key` stands for all that would let it ping. */
export type CheckObject = {
  name: string;
  slug: string;
  tags: string;
  desc: string;
  grace: number;
  n_pings: number;
  status: "new" | "up" | "grace" | "down" | "paused" | "started";
  started: boolean;
  last_ping: string | null;
  next_ping: string | null;
  manual_resume: boolean;
  methods: string;
  subject: string;
  subject_fail: string;
  start_kw: string;
  success_kw: string;
  failure_kw: string;
  filter_subject: boolean;
  filter_body: boolean;
  filter_http_body: boolean;
  filter_default_fail: boolean;
  badge_url: string;
  last_duration?: number;
  timeout?: number;
  schedule?: string;
  tz?: string;
} & Partial<RuleObject> &
  ({ unique_key: string } | WritableLinks);

/** What is asked of signals and runs besides the schedule; shown from version 3 on. */
export type RuleObject = {
  /** Nothing is expected of it at any time: neither `timeout` nor `schedule` is shown. */
  unscheduled: boolean;
  max_misses: number;
  max_run_seconds: number | null;
  min_run_seconds: number | null;
  single_run: boolean;
  stuck_after: number | null;
  warning_exits: string;
  ignore_previews: boolean;
  metrics: MetricSetting[] | null;
};

export type WritableLinks = {
  uuid: string;
  ping_url: string;
  update_url: string;
  heartbeat_token: string;
  process_hook_id: string;
  pause_url: string;
  resume_url: string;
  channels: string;
};

export type PingObject = {
  type: "success" | "start" | "fail" | "log" | "ign";
  date: string;
  n: number;
  scheme: string;
  remote_addr: string | null;
  method: string;
  ua: string;
  rid: string | null;
  run_id: string | null;
  exit_status: number | null;
  message: string | null;
  status_text: string | null;
  metadata: { [name: string]: unknown } | null;
  out_of_bounds: OutOfBounds[] | null;
  reported_duration_ms: number | null;
  /** Why it was left out; null when it counted. */
  ignored_because: "paused" | "method" | "preview" | "no_keyword" | null;
  source: string;
  body_url: string | null;
  duration?: number;
};

export type FlipObject = { timestamp: string; up: 0 | 1 };
export type ChannelObject = { id: string; name: string; kind: string };

/** A whole number up to `max` from a query; blank counts as absent. */
const wholeUpTo = (max: number) =>
  z
    .string()
    .regex(/^\d*$/)
    .transform((digits) => (digits === "" ? undefined : Number(digits)))
    .pipe(z.number().max(max).optional())
    .optional();

/** 2286-11-20, the reference's last moment. */
const LAST_SECOND = 10_000_000_000;

/** Which flips to list: from `start` (inclusive) to `end` (exclusive), and of the last `seconds` when that is not 0. */
export const FlipFilter = z.object({
  start: wholeUpTo(LAST_SECOND),
  end: wholeUpTo(LAST_SECOND),
  seconds: wholeUpTo(31_536_000),
});
export type FlipFilter = z.infer<typeof FlipFilter>;

export const CheckId = z.object({ id: z.uuid() });

/** Until when alerts of a check are sent to nobody; null sends them again. */
export const MuteCheck = z.object({
  until: z.iso
    .datetime({ offset: true, error: "must be a time such as 2026-01-31T08:00:00Z, or null" })
    .transform((text) => Date.parse(text))
    .nullable(),
});
