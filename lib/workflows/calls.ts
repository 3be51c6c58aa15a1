import { isObject } from "@/lib/core/json-object";
import { StoredJson } from "@/lib/core/stored-json";
import { callHash } from "@/lib/costs/call-hash";
import type { StepDetail } from "./step";

/** What went into a span, which is where its tool call has its arguments; undefined for what is no span. */
function inputOf(payload: unknown): unknown {
  if (!(payload instanceof StoredJson)) return undefined;
  const told: unknown = JSON.parse(payload.text);
  return isObject(told) ? told["input"] : undefined;
}

/** The hashes of the tool calls of a step, in order, by which they are known when they come again. Pure. */
export function callsOf({ toolCalls, payload }: StepDetail): string[] {
  if (toolCalls === null || toolCalls.length === 0) return [];
  const input = inputOf(payload);
  return toolCalls.flatMap((call) => callHash(input === undefined ? call : { arguments: input, ...call }) ?? []);
}
