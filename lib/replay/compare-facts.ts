import { durationWords } from "@/lib/checks/detail/durations";
import { sizeWords } from "@/lib/checks/detail/log";
import { usdWords } from "@/lib/core/money";
import { isSameJson } from "@/lib/core/same-json";
import { utcWords } from "@/lib/core/time";
import type { StepDetail } from "@/lib/workflows/instance/schema";
import { toolWords } from "@/lib/workflows/instance/tool-words";
import { callsEssence } from "./essence";

/** What is known of a step: what it is called, its words, and the field that makes a step another; null of one that does not. */
type Fact = [label: string, words: (step: StepDetail) => string | null, decides: keyof StepDetail | null];

const told = <T>(value: T | null, words: (value: T) => string): string | null => (value === null ? null : words(value));
const count = (value: number): string => value.toLocaleString("en");

const FACTS: Fact[] = [
  ["Status", ({ status }) => (status === "failed" ? "Failed" : "Done"), "status"],
  ["Stage name", (step) => step.stage_name, "stage_name"],
  ["Agent", (step) => step.agent_code, "agent_code"],
  ["Hand-off reason", (step) => step.handoff_reason, "handoff_reason"],
  ["Model", (step) => step.model_id, "model_id"],
  ["Tokens in", (step) => told(step.input_tokens, count), "input_tokens"],
  ["Tokens out", (step) => told(step.output_tokens, count), "output_tokens"],
  ["Cost", (step) => told(step.cost_usd, usdWords), "cost_usd"],
  ["Context", (step) => told(step.context_size_bytes, sizeWords), "context_size_bytes"],
  ["It said", (step) => step.status_text, "status_text"],
  ["Tools", (step) => toolWords(step.tool_calls), "tool_calls"],
  ["Response time", (step) => told(step.response_time_ms, durationWords), null],
  ["Arrived", (step) => utcWords(Date.parse(step.executed_at)), null],
];

/** What of a field makes a step another. */
const decisive = (step: StepDetail, field: keyof StepDetail): unknown =>
  field === "tool_calls" ? callsEssence(step.tool_calls) : step[field];

/** One fact of two steps in words; null where it is not known. `differs` only of what makes a step another. */
export type FactLine = { label: string; a: string | null; b: string | null; differs: boolean };

/** Two steps fact by fact, those alone that at least one of them has. */
export function factLines(a: StepDetail | null, b: StepDetail | null): FactLine[] {
  return FACTS.map(([label, words, field]) => ({
    label,
    a: a === null ? null : words(a),
    b: b === null ? null : words(b),
    differs: a !== null && b !== null && field !== null && !isSameJson(decisive(a, field), decisive(b, field)),
  })).filter((line) => line.a !== null || line.b !== null);
}
