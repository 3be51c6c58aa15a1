import { align } from "@/lib/core/align";
import { jsonDiff } from "@/lib/core/json-diff";
import { dollars } from "@/lib/core/money";
import { isSameJson } from "@/lib/core/same-json";
import { callsEssence, payloadEssence } from "./essence";
import type { Aggregates, ComparedStep, Comparison, DivergenceClass, PayloadChange } from "./schema";

/** A step as it is compared. Costs are millionths of a dollar, times epoch milliseconds. */
export type Step = {
  ordinal: number;
  path: string;
  stageName: string | null;
  status: "success" | "failed";
  statusText: string | null;
  agent: string | null;
  modelId: string | null;
  inputTokens: number | null;
  outputTokens: number | null;
  costMicros: number | null;
  contextSizeBytes: number | null;
  handoffReason: string | null;
  responseTimeMs: number | null;
  at: number;
  toolCalls: unknown;
  payload: unknown;
  /** Whether it was told by a span; its payload then has the attributes of that. */
  isSpan: boolean;
};

/** What makes a step another, by the name the API has for it. Ids, moments and response times do not. */
const FIELDS = {
  status: "status",
  status_text: "statusText",
  agent_code: "agent",
  stage_name: "stageName",
  model_id: "modelId",
  input_tokens: "inputTokens",
  output_tokens: "outputTokens",
  cost_usd: "costMicros",
  context_size_bytes: "contextSizeBytes",
  handoff_reason: "handoffReason",
} as const satisfies Record<string, keyof Step>;

/** The same of what is no plain value. */
const JSON_FIELDS = { tool_calls: "toolCalls", payload: "payload" } as const satisfies Record<string, keyof Step>;

function changesOf(a: Step, b: Step): string[] {
  const plain = Object.entries(FIELDS).filter(([, field]) => a[field] !== b[field]);
  const others = Object.entries(JSON_FIELDS).filter(([, field]) => !isSameJson(a[field], b[field]));
  return [...plain, ...others].map(([name]) => name);
}

/** A step without what is another one in each run. */
const essenceOf = (step: Step): Step => ({
  ...step,
  toolCalls: callsEssence(step.toolCalls),
  payload: payloadEssence(step),
});

/** What of a payload went in: the hash of the input, or the input, where one is told; else undefined. */
function inputOf(payload: unknown): unknown {
  if (typeof payload !== "object" || payload === null || Array.isArray(payload)) return;
  if ("input_hash" in payload) return payload.input_hash;
  return "input" in payload ? payload.input : undefined;
}

/** Whether another payload means another input: a payload that does not tell its input apart is all input. */
function hasOtherInput(a: unknown, b: unknown): boolean {
  const [one, other] = [inputOf(a), inputOf(b)];
  return one === undefined || other === undefined || !isSameJson(one, other);
}

function classOf(changes: string[], a: Step, b: Step): DivergenceClass | null {
  if (changes.length === 0) return null;
  if (changes.includes("status")) return "error";
  return changes.includes("payload") && hasOtherInput(a.payload, b.payload) ? "input" : "output";
}

/** Places of one pair of payloads, and characters of one value, that are told. */
const MAX_CHANGES = 50;
const MAX_VALUE = 1000;
/** The same for a whole comparison, so that its answer stays one. */
const ALL_CHANGES = 20_000;
const ALL_VALUES = 1_000_000;

/** Tells where payloads differ, as far as there is room for it in one answer. */
class PayloadChanges {
  #places = ALL_CHANGES;
  #characters = ALL_VALUES;

  between(a: unknown, b: unknown): PayloadChange[] {
    if (this.#places <= 0) return [];
    const changes = jsonDiff(a, b).slice(0, Math.min(MAX_CHANGES, this.#places));
    this.#places -= changes.length;
    return changes.map(({ path, is, before, after }) => ({
      path,
      is,
      before: this.#short(before),
      after: this.#short(after),
    }));
  }

  /** A value, or undefined for one that is too long. */
  #short(value: unknown): unknown {
    const { length } = JSON.stringify(value) ?? "";
    if (length > Math.min(MAX_VALUE, this.#characters)) return undefined;
    this.#characters -= length;
    return value;
  }
}

const tokensOf = ({ inputTokens, outputTokens }: Step): number | null =>
  inputTokens === null && outputTokens === null ? null : (inputTokens ?? 0) + (outputTokens ?? 0);
const difference = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : b - a);

function both(a: Step, b: Step, payloads: PayloadChanges): ComparedStep {
  const changes = changesOf(a, b);
  const cost = difference(a.costMicros, b.costMicros);
  return {
    kind: changes.length === 0 ? "same" : "changed",
    class: classOf(changes, a, b),
    stage_path: a.path,
    step_a: a.ordinal,
    step_b: b.ordinal,
    changes,
    payload_changes: changes.includes("payload") ? payloads.between(a.payload, b.payload) : [],
    cost_diff_usd: cost === null ? null : dollars(cost),
    token_diff: difference(tokensOf(a), tokensOf(b)),
    time_diff_ms: difference(a.responseTimeMs, b.responseTimeMs),
  };
}

const ALONE = { changes: [], payload_changes: [], cost_diff_usd: null, token_diff: null, time_diff_ms: null };

/** A step that one side has alone; where the other has it at another place, only the order differs. */
function alone(step: Step, kind: "missing" | "extra", elsewhere: ReadonlySet<string>): ComparedStep {
  return {
    ...ALONE,
    kind,
    class: elsewhere.has(step.path) ? "order" : kind,
    stage_path: step.path,
    step_a: kind === "missing" ? step.ordinal : null,
    step_b: kind === "extra" ? step.ordinal : null,
  };
}

const sum = (steps: readonly Step[], read: (step: Step) => number | null): number =>
  steps.reduce((total, step) => total + (read(step) ?? 0), 0);
const costOf = (steps: readonly Step[]): number => sum(steps, (step) => step.costMicros);

/** Totals of an instance. */
function aggregatesOf(steps: readonly Step[]): Aggregates {
  const [inputTokens, outputTokens] = [sum(steps, (step) => step.inputTokens), sum(steps, (step) => step.outputTokens)];
  return {
    steps: steps.length,
    total_cost_usd: dollars(costOf(steps)),
    total_tokens: inputTokens + outputTokens,
    input_tokens: inputTokens,
    output_tokens: outputTokens,
    total_time_ms: (steps.at(-1)?.at ?? 0) - (steps[0]?.at ?? 0),
  };
}

type Side = { id: string; steps: readonly Step[] };

/** Two instances side by side, aligned by the longest common subsequence of their stage paths; differences are b − a. */
export function compare(a: Side, b: Side): Comparison {
  const pairs = align(
    a.steps.map(({ path }) => path),
    b.steps.map(({ path }) => path),
  );
  const unmatched = (side: Side, own: "a" | "b", other: "a" | "b"): Set<string> =>
    new Set(pairs.flatMap((pair) => (pair[other] === null ? (side.steps[pair[own] ?? -1]?.path ?? []) : [])));
  const payloads = new PayloadChanges();
  const [onlyA, onlyB] = [unmatched(a, "a", "b"), unmatched(b, "b", "a")];
  const steps = pairs.flatMap((pair): ComparedStep[] => {
    const [one, other] = [a.steps[pair.a ?? -1], b.steps[pair.b ?? -1]];
    if (one !== undefined && other !== undefined) return [both(essenceOf(one), essenceOf(other), payloads)];
    if (one !== undefined) return [alone(one, "missing", onlyB)];
    return other === undefined ? [] : [alone(other, "extra", onlyA)];
  });
  const first = steps.findIndex(({ kind }) => kind !== "same");
  const [totalA, totalB] = [aggregatesOf(a.steps), aggregatesOf(b.steps)];
  return {
    instance_a: { id: a.id, aggregates: totalA },
    instance_b: { id: b.id, aggregates: totalB },
    divergence_step: first === -1 ? null : first,
    differences: {
      cost_diff_usd: dollars(costOf(b.steps) - costOf(a.steps)),
      token_diff: totalB.total_tokens - totalA.total_tokens,
      time_diff_ms: totalB.total_time_ms - totalA.total_time_ms,
    },
    steps,
  };
}
