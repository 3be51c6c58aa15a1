import { type JsonChange, jsonDiff } from "@/lib/core/json-diff";
import type { StepDetail } from "@/lib/workflows/instance/schema";
import { payloadEssence } from "./essence";

/** Where the payloads of two steps differ. `isExact` is false where ids or times of spans do as well, which do not count. */
export type PayloadDifference = { changes: JsonChange[]; isExact: boolean };

const essenceOf = ({ payload, tool_calls: toolCalls, span_id: span }: StepDetail): unknown =>
  payloadEssence({ payload, toolCalls, isSpan: span !== null });

export function payloadDifference(a: StepDetail, b: StepDetail): PayloadDifference {
  const changes = jsonDiff(essenceOf(a), essenceOf(b));
  return { changes, isExact: changes.length > 0 || jsonDiff(a.payload, b.payload).length === 0 };
}
