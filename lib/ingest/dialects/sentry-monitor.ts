import { canonicalTimeZone, parseSchedule } from "@/lib/checks/schedule/schedule";
import { isObject, type JsonObject } from "@/lib/core/json-object";
import { DAY, HOUR, MINUTE } from "@/lib/core/time";
import type { Config, Settings } from "../signal";

/** What a `monitor_config` comes to, and what of it means nothing here and is kept as metadata. */
export type Monitor = { config: Config; rest: unknown };

const LONGEST_SECONDS = 31_536_000;
const SHORTEST_SECONDS = 60;
const MAX_MISSES = 10;
/** An interval of months is as long as the longest of them, so that nothing is missed before it is due. */
const UNIT_MS: ReadonlyMap<unknown, number> = new Map([
  ["minute", MINUTE],
  ["hour", HOUR],
  ["day", DAY],
  ["week", 7 * DAY],
  ["month", 31 * DAY],
  ["year", 365 * DAY],
]);
const NICKNAMES: ReadonlyMap<string, string> = new Map([
  ["@yearly", "0 0 1 1 *"],
  ["@annually", "0 0 1 1 *"],
  ["@monthly", "0 0 1 * *"],
  ["@weekly", "0 0 * * 0"],
  ["@daily", "0 0 * * *"],
  ["@midnight", "0 0 * * *"],
  ["@hourly", "0 * * * *"],
]);
/** What that service asks of a monitor whose configuration does not say. */
const WHEN_NEW: Settings = { timeZone: "UTC", graceSeconds: 60, maxRunSeconds: 1800, maxMisses: 1 };

class Complaint extends Error {}

/** A schedule in either of its spellings: `{type, value, unit}`, or `schedule_type` beside a text or a pair. */
function partsOf({ schedule, schedule_type: type }: JsonObject): unknown[] {
  if (isObject(schedule)) return [schedule["type"], schedule["value"], schedule["unit"]];
  return [type, ...(Array.isArray(schedule) ? schedule : [schedule])];
}

function crontab(value: unknown): Settings {
  const expression = typeof value === "string" ? (NICKNAMES.get(value) ?? value) : "";
  if (parseSchedule(expression) === "cron") return { schedule: expression.trim(), timeoutSeconds: null };
  throw new Complaint("schedule must be a cron expression of five fields that comes due.");
}

function interval(value: unknown, unit: unknown): Settings {
  const count = typeof value === "number" ? value : Number.NaN;
  const seconds = (count * (UNIT_MS.get(unit) ?? Number.NaN)) / 1000;
  if (Number.isInteger(seconds) && seconds >= SHORTEST_SECONDS && seconds <= LONGEST_SECONDS)
    return { schedule: null, timeoutSeconds: seconds };
  throw new Complaint("schedule must be an interval from a minute to 365 days.");
}

function scheduleIn(config: JsonObject): Settings {
  const [type, value, unit] = partsOf(config);
  if (type === "crontab") return crontab(value);
  if (type === "interval") return interval(value, unit);
  throw new Complaint("schedule must have the type crontab or interval.");
}

/** A whole number of minutes in seconds; undefined where it is not said. */
function minutesIn(config: JsonObject, name: string, least: number): number | undefined {
  const said = config[name];
  if (said === undefined || said === null) return;
  const minutes = typeof said === "number" && Number.isInteger(said) ? said : Number.NaN;
  if (minutes >= least && minutes * 60 <= LONGEST_SECONDS) return minutes * 60;
  throw new Complaint(`${name} must be a whole number of minutes, ${least} or more, and at most 365 days.`);
}

function timeZoneIn({ timezone }: JsonObject): string | undefined {
  if (timezone === undefined || timezone === null) return;
  const known = typeof timezone === "string" ? canonicalTimeZone(timezone) : null;
  if (known === null) throw new Complaint("timezone must be a name of the IANA database.");
  return known;
}

/** How many misses take it down; undefined where it is not said or more than can be told apart here. */
function missesIn({ failure_issue_threshold: said }: JsonObject): number | undefined {
  if (said === undefined || said === null) return;
  if (typeof said !== "number" || !Number.isInteger(said) || said < 1)
    throw new Complaint("failure_issue_threshold must be a whole number, 1 or more.");
  return said <= MAX_MISSES ? said : undefined;
}

function settingsIn(config: JsonObject): Settings {
  const margin = minutesIn(config, "checkin_margin", 0);
  const [timeZone, maxMisses] = [timeZoneIn(config), missesIn(config)];
  const maxRunSeconds = minutesIn(config, "max_runtime", 1);
  return {
    ...scheduleIn(config),
    ...(timeZone !== undefined && { timeZone }),
    ...(margin !== undefined && { graceSeconds: Math.max(margin, SHORTEST_SECONDS) }),
    ...(maxRunSeconds !== undefined && { maxRunSeconds }),
    ...(maxMisses !== undefined && { maxMisses }),
  };
}

function restOf(config: JsonObject, { maxMisses }: Settings): JsonObject | undefined {
  const {
    schedule: _schedule,
    schedule_type: _type,
    timezone: _zone,
    checkin_margin: _margin,
    max_runtime: _runtime,
    failure_issue_threshold: threshold,
    ...rest
  } = config;
  const kept =
    maxMisses === undefined && typeof threshold === "number" ? { ...rest, failure_issue_threshold: threshold } : rest;
  return Object.keys(kept).length === 0 ? undefined : kept;
}

/** Reads a `monitor_config` (documents of Sentry Crons, "Upserting Monitors"); one that is wrong is kept whole. Pure. */
export function readMonitor(said: unknown): Monitor {
  try {
    if (!isObject(said)) throw new Complaint("must be an object.");
    const given = settingsIn(said);
    return { config: { given, whenNew: { ...WHEN_NEW, ...given } }, rest: restOf(said, given) };
  } catch (error) {
    if (error instanceof Complaint) return { config: { wrong: `monitor_config: ${error.message}` }, rest: said };
    throw error;
  }
}
