import type { ToldSpan } from "./gen-ai";
import type { Role } from "./operation";
import type { Counts, Usage } from "./usage";

/** A step that was stored before, as far as it tells whose usage it is. Tokens are those that count. */
export type EarlierStep = {
  spanId: string;
  parentSpanId: string | null;
  inputTokens: number | null;
  outputTokens: number | null;
  costMicros: number | null;
};

export type Before = {
  /** The newest steps of the instance; a model call ends just before what repeats its usage. */
  tail: readonly EarlierStep[];
  /** What steps that ended within the time of a span had cost, in micro-dollars, by its id. */
  costWithin: ReadonlyMap<string, number>;
};

type Tokens = Pick<Usage, "inputTokens" | "outputTokens">;
/** A call of a model with its usage, that is counted. */
type Counted = Tokens & { costMicros: number | null; endMs: number | null };

const isSame = (a: Tokens, b: Tokens): boolean => a.inputTokens === b.inputTokens && a.outputTokens === b.outputTokens;

/** How far up a chain of parents is followed: a ring of them must come to an end. */
const MAX_LEVELS = 100;

const sum = (calls: readonly Counted[]): number => calls.reduce((micros, one) => micros + (one.costMicros ?? 0), 0);

const NOTHING: Counts = { isCounted: false, isCovered: false, gapMicros: 0, costMicros: null };

/** Whether a span that holds others says what all of it cost: then nothing has to be computed. */
const tellsTotal = (spans: readonly ToldSpan[]): boolean =>
  spans.some(({ step }) => step !== null && step.role !== "call" && (step.usage?.costMicros ?? null) !== null);

/** Whether usage is that of the span itself, and not of those below it. */
function isOwn(role: Role, usage: Tokens, below: readonly Counted[]): boolean {
  return role === "call" ? !below.some((call) => isSame(call, usage)) : role === "other" && below.length === 0;
}

/** Goes through the spans of one trace, children first, and notes below what each usage was counted. */
class Tally {
  readonly #parents = new Map<string, string>();
  /** What was counted below each span. */
  readonly #below = new Map<string, Counted[]>();
  readonly #counted: Counted[] = [];
  readonly #costWithin: ReadonlyMap<string, number>;
  readonly #isTold: boolean;

  constructor(spans: readonly ToldSpan[], { tail, costWithin }: Before) {
    this.#costWithin = costWithin;
    this.#isTold = tellsTotal(spans);
    for (const { spanId, parentSpanId } of spans) if (parentSpanId !== null) this.#parents.set(spanId, parentSpanId);
    for (const { parentSpanId, inputTokens, outputTokens, costMicros } of tail) {
      const hasUsage = inputTokens !== null || outputTokens !== null;
      if (hasUsage) this.#note(parentSpanId, { inputTokens, outputTokens, costMicros, endMs: null });
    }
  }

  /** What of the usage of a span is its own: spans below it must have been asked before. */
  take(span: ToldSpan): Counts {
    const { step } = span;
    const usage = step?.usage ?? null;
    if (step === null || usage === null) return NOTHING;
    const below = this.#below.get(span.spanId) ?? [];
    if (!isOwn(step.role, usage, below))
      return this.#gap(span, usage, step.role === "call" ? sum(below) : this.#within(span));
    const isCovered = usage.costMicros === null && this.#isTold;
    const costMicros = isCovered ? 0 : (usage.costMicros ?? step.computedMicros);
    this.#keep(span, { ...usage, costMicros });
    return { isCounted: true, isCovered, gapMicros: 0, costMicros };
  }

  #keep({ parentSpanId, endMs }: ToldSpan, usage: Tokens & { costMicros: number | null }): void {
    const { inputTokens, outputTokens, costMicros } = usage;
    const counted = { inputTokens, outputTokens, costMicros, endMs };
    this.#counted.push(counted);
    this.#note(parentSpanId, counted);
  }

  /** What is known to have cost something within the time of a span, in micro-dollars. */
  #within({ spanId, startMs, endMs: end }: ToldSpan): number {
    const within = this.#counted.filter(({ endMs }) => endMs !== null && endMs >= startMs && endMs <= end);
    return sum(within) + (this.#costWithin.get(spanId) ?? 0);
  }

  /** Some tell the whole cost on the outermost span alone: what others do not account for is its own. */
  #gap({ endMs }: ToldSpan, { costMicros }: Usage, known: number): Counts {
    const gapMicros = Math.max(0, (costMicros ?? 0) - known);
    if (gapMicros > 0) this.#counted.push({ inputTokens: null, outputTokens: null, costMicros: gapMicros, endMs });
    return { isCounted: false, isCovered: false, gapMicros, costMicros: gapMicros > 0 ? gapMicros : null };
  }

  #note(parent: string | null, counted: Counted): void {
    let above = parent;
    for (let level = 0; above !== null && level < MAX_LEVELS; level += 1) {
      const known = this.#below.get(above);
      if (known === undefined) this.#below.set(above, [counted]);
      else known.push(counted);
      above = this.#parents.get(above) ?? null;
    }
  }
}

/**
 * What of each span's usage counts, so that a trace counts each once (decision 0022): a call of a model does, unless a call
 * below it tells the same; what is of no known kind does when nothing below it does; what holds others does not, but for
 * costs that nothing within it accounts for. Costs that are told win over those that are computed. Pure. Spans come with their children first.
 */
export function countOnce(spans: readonly ToldSpan[], before: Before): Counts[] {
  const tally = new Tally(spans, before);
  return spans.map((span) => tally.take(span));
}

/** Whether what else cost something within its time has to be known. */
export function asksForCosts({ step }: ToldSpan): boolean {
  return step !== null && step.role !== "call" && (step.usage?.costMicros ?? null) !== null;
}
