import { StoredJson } from "@/lib/core/stored-json";
import { DAY, MINUTE } from "@/lib/core/time";
import type { SpanStep, TraceNews } from "@/lib/workflows/take-spans";
import { childrenFirst } from "./children-first";
import { storableJson } from "./content";
import { type Before, countOnce } from "./count-once";
import type { ToldSpan, ToldStep } from "./gen-ai";
import { type Counts, storedUsage, type Usage } from "./usage";

/** How far the clocks of others may be from that of the database before theirs is not believed. */
const PAST_MS = 30 * DAY;
const FUTURE_MS = MINUTE;

export type Trace = { traceId: string; spans: ToldSpan[] };

export type Known = Before & {
  /** The database's clock, in epoch milliseconds. */
  now: number;
  /** The spans that have been stored before. */
  stored: ReadonlySet<string>;
  /** Which stage steps of a name are. */
  numberOf: (name: string) => number;
};

function momentOf(endMs: number, now: number): number {
  if (endMs <= 0) return now;
  return Math.round(Math.min(Math.max(endMs, now - PAST_MS), now + FUTURE_MS));
}

type Tokens = Pick<Usage, "inputTokens" | "outputTokens">;
const NO_TOKENS: Tokens = { inputTokens: null, outputTokens: null };

/** Tokens that count; null where they are another step's, or not known. */
const tokensOf = (usage: Usage | null, { isCounted }: Counts): Tokens =>
  isCounted && usage !== null ? usage : NO_TOKENS;

function detailOf(
  { usage, computedMicros, reported, statusText, responseTimeMs, modelId, toolCalls, payload }: ToldStep,
  counts: Counts,
) {
  const { inputTokens, outputTokens } = tokensOf(usage, counts);
  return {
    statusText,
    responseTimeMs,
    modelId,
    inputTokens,
    outputTokens,
    costMicros: counts.costMicros,
    // What is part of a whole that was told need not be compared with it.
    computedMicros: counts.isCounted && !counts.isCovered ? computedMicros : null,
    contextSizeBytes: null,
    handoffReason: null,
    usage: usage === null ? null : new StoredJson(storableJson(storedUsage(usage, reported, counts))),
    toolCalls,
    tags: null,
    payload: new StoredJson(payload),
  };
}

/** Those that were not stored before; of spans with the same id the first. */
function freshOf(spans: readonly ToldSpan[], stored: ReadonlySet<string>): ToldSpan[] {
  const seen = new Set(stored);
  return spans.filter(({ spanId }) => {
    const isFresh = !seen.has(spanId);
    seen.add(spanId);
    return isFresh;
  });
}

const UNCOUNTED: Counts = { isCounted: false, isCovered: false, isWhole: false, gapMicros: 0, costMicros: null };

/** What a trace tells that was not known before. Pure. Of spans with the same id the first counts. */
export function newsOf({ traceId, spans }: Trace, known: Known): TraceNews {
  const fresh = childrenFirst(freshOf(spans, known.stored));
  const counts = countOnce(fresh, known);
  let topPath = 0;
  const steps: SpanStep[] = [];
  for (const [index, { step, endMs, spanId, parentSpanId }] of fresh.entries()) {
    if (step === null) continue;
    const number = known.numberOf(step.name);
    topPath = Math.max(topPath, number);
    const detail = detailOf(step, counts[index] ?? UNCOUNTED);
    const { name: stageName, agent, isFailed } = step;
    const report = { path: String(number), stageName, agent, isFinal: parentSpanId === null, detail };
    steps.push({ report, at: momentOf(endMs, known.now), isFailed, span: { id: spanId, parentId: parentSpanId } });
  }
  return { traceId, steps, topPath, root: spans.find(({ root }) => root !== null)?.root ?? null };
}
