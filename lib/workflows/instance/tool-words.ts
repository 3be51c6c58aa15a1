import { durationWords } from "@/lib/checks/detail/durations";
import { isObject, type JsonObject } from "@/lib/core/json-object";
import { visible } from "@/lib/core/visible";

const SHOWN = 8;

/** One call: how it is called, how long it took, and that it failed where it says so. */
function callWords({ tool_name, name, latency_ms: latency, success }: JsonObject): string {
  const called = typeof tool_name === "string" ? tool_name : typeof name === "string" ? name : "";
  const took = typeof latency === "number" && latency >= 0 ? durationWords(Math.round(latency)) : null;
  return [visible(called) || "unnamed", took, success === false ? "failed" : null]
    .filter((word) => word !== null)
    .join(", ");
}

/** The tool calls of a step in words, `web_search, 250 ms; sql, 1.2 s, failed`; null where it made none. Pure. */
export function toolWords(calls: unknown): string | null {
  if (!Array.isArray(calls) || calls.length === 0) return null;
  const words = calls.slice(0, SHOWN).map((call: unknown) => callWords(isObject(call) ? call : {}));
  const more = calls.length - words.length;
  return [...words, ...(more > 0 ? [`and ${more.toLocaleString("en")} more`] : [])].join("; ");
}
