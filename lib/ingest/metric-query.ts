import { isMetricName, MAX_METRICS, numberOf } from "@/lib/checks/metrics/metric";
import { isObject, type JsonObject } from "@/lib/core/json-object";
import { splitTarget } from "./dialect";
import { storable } from "./json";
import type { Details } from "./signal";

/** How much of what is no metric is kept of it. */
const UNREAD_LENGTH = 200;

/** `rows:120`, `rows=120`, or `count:rows=120`: what stands before the last sign is the name. */
function metricOf(text: string): { name: string; value: number } | null {
  const at = Math.max(text.lastIndexOf(":"), text.lastIndexOf("="));
  const name = storable(text.slice(0, Math.max(0, at)).trim());
  const value = numberOf(text.slice(at + 1));
  return value === null || !isMetricName(name) ? null : { name, value };
}

/** The metrics in the query of an address, in any dialect; what has no name or no number stays as it came. Null without any. */
function metricsIn(target: string): { metrics: JsonObject; unread: string[] } | null {
  const said = splitTarget(target).query.getAll("metric");
  if (said.length === 0) return null;
  const entries = new Map<string, number>();
  const unread: string[] = [];
  for (const text of said.slice(0, MAX_METRICS)) {
    const metric = metricOf(text);
    if (metric === null) unread.push(storable(text.slice(0, UNREAD_LENGTH)));
    else entries.set(metric.name, metric.value);
  }
  return { metrics: Object.fromEntries(entries), unread };
}

/** What a signal says, with the metrics of its address among its metadata. Nearly no address has any, so a search comes first. */
export function withMetrics(details: Details | null, target: string): Details | null {
  const found = target.includes("metric=") ? metricsIn(target) : null;
  if (found === null) return details;
  const { metrics: inBody, ...metadata } = details?.metadata ?? {};
  const metrics = { ...(isObject(inBody) && inBody), ...found.metrics };
  return {
    ...details,
    metadata: {
      ...metadata,
      ...(Object.keys(metrics).length > 0 && { metrics }),
      ...(found.unread.length > 0 && { unread_metrics: found.unread }),
    },
  };
}
