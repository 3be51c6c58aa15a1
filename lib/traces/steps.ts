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

/** Tokens that count; null where they are another step's, or not known. */
function tokensOf(usage: Usage | null, { isCounted, gapMicros }: Counts) {
  if (isCounted && usage !== null) {
    const { inputTokens, outputTokens, costMicros } = usage;
    return { inputTokens, outputTokens, costMicros };
  }
  return { inputTokens: null, outputTokens: null, costMicros: gapMicros > 0 ? gapMicros : null };
}

function detailOf({ usage, reported, ...step }: ToldStep, counts: Counts) {
  return {
    statusText: step.statusText,
    responseTimeMs: step.responseTimeMs,
    modelId: step.modelId,
    ...tokensOf(usage, counts),
    contextSizeBytes: null,
    handoffReason: null,
    usage: usage === null ? null : new StoredJson(storableJson(storedUsage(usage, reported, counts))),
    toolCalls: step.toolCalls,
    payload: new StoredJson(step.payload),
  };
}

/** What a trace tells that was not known before. Pure. Of spans with the same id the first counts. */
export function newsOf({ traceId, spans }: Trace, known: Known): TraceNews {
  const distinct = new Map<string, ToldSpan>();
  for (const span of spans)
    if (!known.stored.has(span.spanId) && !distinct.has(span.spanId)) distinct.set(span.spanId, span);
  const fresh = childrenFirst([...distinct.values()]);
  const counts = countOnce(fresh, known);
  let topPath = 0;
  const steps = fresh.flatMap(({ step, endMs, spanId, parentSpanId }, index): SpanStep[] => {
    if (step === null) return [];
    const number = known.numberOf(step.name);
    topPath = Math.max(topPath, number);
    const detail = detailOf(step, counts[index] ?? { isCounted: false, gapMicros: 0 });
    const { name: stageName, agent } = step;
    return [
      {
        report: { path: String(number), stageName, agent, isFinal: parentSpanId === null, detail },
        at: momentOf(endMs, known.now),
        isFailed: step.isFailed,
        span: { id: spanId, parentId: parentSpanId },
      },
    ];
  });
  return { traceId, steps, topPath, root: spans.find(({ root }) => root !== null)?.root ?? null };
}
