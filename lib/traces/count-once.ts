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
type Counted = Tokens & { costMicros: number | null };
/** What cost something and lies below spans that did not come with it: nobody knows what those lie in. */
type Loose = { above: ReadonlySet<string>; endMs: number; costMicros: number };

const isSame = (a: Tokens, b: Tokens): boolean => a.inputTokens === b.inputTokens && a.outputTokens === b.outputTokens;

/** How far up a chain of parents is followed: a ring of them must come to an end. */
const MAX_LEVELS = 100;

const sum = (calls: readonly Counted[]): number => calls.reduce((micros, one) => micros + (one.costMicros ?? 0), 0);

const NOTHING: Counts = { isCounted: false, isCovered: false, isWhole: false, gapMicros: 0, costMicros: null };

/** Whether a span says what all of it cost that lies below it: then nothing of that has to be computed. */
const tellsWhole = ({ step }: ToldSpan): boolean =>
  step !== null && (step.role === "parent" || step.role === "other") && (step.usage?.costMicros ?? 0) > 0;

/** Whether it is the outermost span of its trace, told of before, that said what all of it cost. */
const toldWhole = ({ parentSpanId, inputTokens, outputTokens, costMicros }: EarlierStep): boolean =>
  parentSpanId === null && inputTokens === null && outputTokens === null && (costMicros ?? 0) > 0;

/** Whether usage is that of the span itself, and not of those below it. */
function isOwn(role: Role, usage: Tokens, below: readonly Counted[]): boolean {
  return role === "call" ? !below.some((call) => isSame(call, usage)) : role === "other" && below.length === 0;
}

/** Goes through the spans of one trace, children first, and notes below what each usage was counted. */
class Tally {
  readonly #parents = new Map<string, string>();
  readonly #present: ReadonlySet<string>;
  /** What was counted below each span. */
  readonly #below = new Map<string, Counted[]>();
  /** What came with it and cost something below each span, in micro-dollars, and what of it may lie anywhere. */
  readonly #costBelow = new Map<string, number>();
  readonly #loose: Loose[] = [];
  readonly #costWithin: ReadonlyMap<string, number>;
  readonly #wholes: ReadonlySet<string>;
  /** Whether the outermost span tells what all of the trace cost. */
  readonly #isTold: boolean;

  constructor(spans: readonly ToldSpan[], { tail, costWithin }: Before) {
    this.#costWithin = costWithin;
    const wholes = spans.filter(tellsWhole);
    this.#wholes = new Set(wholes.map(({ spanId }) => spanId));
    this.#isTold = wholes.some(({ parentSpanId }) => parentSpanId === null) || tail.some(toldWhole);
    this.#present = new Set(spans.map(({ spanId }) => spanId));
    // What came before may lie between what comes now.
    for (const { spanId, parentSpanId } of [...tail, ...spans])
      if (parentSpanId !== null) this.#parents.set(spanId, parentSpanId);
    for (const { parentSpanId, inputTokens, outputTokens, costMicros } of tail) {
      const hasUsage = inputTokens !== null || outputTokens !== null;
      if (hasUsage) this.#note(parentSpanId, { inputTokens, outputTokens, costMicros });
    }
  }

  /** What of the usage of a span is its own: spans below it must have been asked before. */
  take(span: ToldSpan): Counts {
    const { step } = span;
    const usage = step?.usage ?? null;
    if (step === null || usage === null) return NOTHING;
    const below = this.#below.get(span.spanId) ?? [];
    if (!isOwn(step.role, usage, below) || this.#holdsAll(span))
      return this.#gap(span, usage, step.role === "call" ? sum(below) : this.#within(span));
    return this.#own(span, usage, step.computedMicros);
  }

  /** Whether it is the outermost of steps that are too old to be among the newest, but are known to have cost something. */
  #holdsAll({ spanId, parentSpanId }: ToldSpan): boolean {
    return parentSpanId === null && (this.#costWithin.get(spanId) ?? 0) > 0;
  }

  #own(span: ToldSpan, usage: Usage, computedMicros: number | null): Counts {
    const isCovered = usage.costMicros === null && this.#isCovered(span);
    const costMicros = isCovered ? 0 : (usage.costMicros ?? computedMicros);
    this.#note(span.parentSpanId, { inputTokens: usage.inputTokens, outputTokens: usage.outputTokens, costMicros });
    this.#spend(span, costMicros ?? 0);
    return { isCounted: true, isCovered, isWhole: false, gapMicros: 0, costMicros };
  }

  #isCovered({ parentSpanId }: ToldSpan): boolean {
    return this.#isTold || this.#above(parentSpanId).some((above) => this.#wholes.has(above));
  }

  /** The spans that something lies in, from the inside out, as far as they are known. */
  #above(parent: string | null): string[] {
    const above: string[] = [];
    for (let one = parent; one !== null && above.length < MAX_LEVELS; one = this.#parents.get(one) ?? null)
      above.push(one);
    return above;
  }

  /** Notes what a span cost below all that it lies in. */
  #spend({ parentSpanId, endMs }: ToldSpan, costMicros: number): void {
    if (costMicros === 0) return;
    const above = this.#above(parentSpanId);
    for (const one of above) this.#costBelow.set(one, (this.#costBelow.get(one) ?? 0) + costMicros);
    const outermost = above.at(-1);
    if (outermost !== undefined && !this.#present.has(outermost))
      this.#loose.push({ above: new Set(above), endMs, costMicros });
  }

  /** What is known to have cost something below a span, or within its time where nobody knows where it lies, in micro-dollars. */
  #within({ spanId, startMs, endMs: end }: ToldSpan): number {
    const loose = this.#loose.filter(({ above, endMs }) => !above.has(spanId) && endMs >= startMs && endMs <= end);
    const anywhere = loose.reduce((micros, { costMicros }) => micros + costMicros, 0);
    return (this.#costBelow.get(spanId) ?? 0) + anywhere + (this.#costWithin.get(spanId) ?? 0);
  }

  /** Some tell the whole cost on the outermost span alone: what others do not account for is its own. */
  #gap(span: ToldSpan, { costMicros }: Usage, known: number): Counts {
    const gapMicros = Math.max(0, (costMicros ?? 0) - known);
    this.#spend(span, gapMicros);
    const isWhole = this.#wholes.has(span.spanId);
    return { isCounted: false, isCovered: false, isWhole, gapMicros, costMicros: gapMicros > 0 ? gapMicros : null };
  }

  #note(parent: string | null, counted: Counted): void {
    for (const above of this.#above(parent)) {
      const known = this.#below.get(above);
      if (known === undefined) this.#below.set(above, [counted]);
      else known.push(counted);
    }
  }
}

/**
 * What of each span's usage counts, so that a trace counts each once (decision 0022): a call of a model does, unless a call
 * below it tells the same; what is of no known kind does when nothing below it does; what holds others does not, but for
 * costs that nothing below it accounts for. Costs that are told of a whole win over those that would be computed below it. Pure. Spans come with their children first.
 */
export function countOnce(spans: readonly ToldSpan[], before: Before): Counts[] {
  const tally = new Tally(spans, before);
  return spans.map((span) => tally.take(span));
}

/** Whether what else cost something within its time has to be known. */
export function asksForCosts({ step }: ToldSpan): boolean {
  return step !== null && step.role !== "call" && (step.usage?.costMicros ?? null) !== null;
}
