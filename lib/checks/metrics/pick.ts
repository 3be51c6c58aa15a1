import { isObject, type JsonObject } from "@/lib/core/json-object";
import { parseObject } from "@/lib/ingest/json";
import type { Details } from "@/lib/ingest/signal";
import { isMetricName, MAX_METRICS, type Metric, type MetricSetting, numberOf } from "./metric";

/** What a signal came with. `source` is its dialect. */
export type Told = { source: string; details: Details | null; body: Buffer | null };

const NONE: readonly Metric[] = [];

/** What has this name in an object: under the whole name, or else inside of the object named before a dot. */
export function valueAt(object: JsonObject, name: string): unknown {
  if (Object.hasOwn(object, name)) return object[name];
  for (let dot = name.indexOf("."); dot >= 0; dot = name.indexOf(".", dot + 1)) {
    const inner = Object.hasOwn(object, name.slice(0, dot)) ? object[name.slice(0, dot)] : undefined;
    const value = isObject(inner) ? valueAt(inner, name.slice(dot + 1)) : undefined;
    if (value !== undefined) return value;
  }
  return;
}

/** The duration that a job measured itself, in seconds; Uptime Kuma's is the answer time of what it pushed, in milliseconds. */
function measured({ source, details }: Told): Metric[] {
  const ms = details?.reported_duration_ms;
  if (ms === undefined) return [];
  return source === "uptime-kuma" ? [{ name: "ping", value: ms }] : [{ name: "duration", value: ms / 1000 }];
}

/** What a signal calls its metrics, of whatever type. */
function named({ details }: Told): JsonObject {
  const metrics = details?.metadata?.["metrics"];
  return isObject(metrics) ? metrics : {};
}

/** Where the numbers that a check asks for are looked up, in this order. Bodies are only read for them. */
function* places(told: Told): Generator<JsonObject> {
  yield named(told);
  yield Object.fromEntries(measured(told).map(({ name, value }) => [name, value]));
  if (told.details?.metadata !== undefined) yield told.details.metadata;
  const object = told.body === null ? null : parseObject(told.body);
  if (object !== null) yield object;
}

function wanted(told: Told, settings: readonly MetricSetting[]): Metric[] {
  const objects = [...places(told)];
  return settings.flatMap(({ name }) => {
    const values = objects.map((object) => numberOf(valueAt(object, name)));
    const value = values.find((number) => number !== null);
    return value === undefined ? [] : [{ name, value }];
  });
}

/** What was named as a metric, or measured, without anybody asking for it. */
function offered(told: Told): Metric[] {
  const explicit = Object.entries(named(told)).flatMap(([name, said]) => {
    const value = isMetricName(name) ? numberOf(said) : null;
    return value === null ? [] : [{ name, value }];
  });
  return [...explicit, ...measured(told)];
}

/**
 * The numbers of a signal, each name once: those that the check asks for, then those that the signal names itself, at most
 * 50. Nearly no signal has any.
 */
export function pickMetrics(told: Told, settings: readonly MetricSetting[] | null): readonly Metric[] {
  if (settings === null && told.details === null) return NONE;
  const asked = settings === null ? [] : wanted(told, settings);
  const byName = new Map<string, Metric>();
  for (const metric of [...asked, ...offered(told)]) {
    if (byName.size === MAX_METRICS) break;
    if (!byName.has(metric.name)) byName.set(metric.name, metric);
  }
  return byName.size === 0 ? NONE : [...byName.values()];
}
