import { dollars, toMicros } from "@/lib/core/money";
import { providerOf } from "./operation";
import { type Attributes, put, type Value } from "./span";

/** What a span says it used; tokens that were read from or written to a cache are part of the input. */
export type Usage = {
  inputTokens: number | null;
  outputTokens: number | null;
  cacheReadTokens: number | null;
  cacheWriteTokens: number | null;
  reasoningTokens: number | null;
  /** In micro-dollars, when it says so. */
  costMicros: number | null;
  provider: string | null;
  /** The attributes that say it, as they were named. */
  names: string[];
};

type Field = "input" | "output" | "cacheRead" | "cacheWrite" | "reasoning" | "cost";

/** All names under which each is told; the first that is there counts. */
const NAMES: Readonly<Record<Field, readonly string[]>> = {
  input: [
    "gen_ai.usage.input_tokens",
    "gen_ai.usage.prompt_tokens",
    "llm.token_count.prompt",
    "llm.usage.prompt_tokens",
    "ai.usage.inputTokens",
    "ai.usage.promptTokens",
    "ai.usage.tokens",
  ],
  output: [
    "gen_ai.usage.output_tokens",
    "gen_ai.usage.completion_tokens",
    "llm.token_count.completion",
    "llm.usage.completion_tokens",
    "ai.usage.outputTokens",
    "ai.usage.completionTokens",
  ],
  cacheRead: [
    "gen_ai.usage.cache_read.input_tokens",
    "gen_ai.usage.cache_read_input_tokens",
    "llm.token_count.prompt_details.cache_read",
    "ai.usage.cachedInputTokens",
  ],
  cacheWrite: [
    "gen_ai.usage.cache_write.input_tokens",
    "gen_ai.usage.cache_creation.input_tokens",
    "gen_ai.usage.cache_creation_input_tokens",
    "llm.token_count.prompt_details.cache_write",
  ],
  reasoning: [
    "gen_ai.usage.reasoning.output_tokens",
    "gen_ai.usage.reasoning_tokens",
    "llm.token_count.completion_details.reasoning",
    "ai.usage.reasoningTokens",
  ],
  cost: ["gen_ai.usage.cost", "gen_ai.usage.total_cost", "llm.cost.total", "operation.cost"],
};

/** In the order in which they are reported. */
const FIELDS: readonly Field[] = ["input", "output", "cacheRead", "cacheWrite", "reasoning", "cost"];
/** What each name tells, and how many names of it count before that one. */
const PLACES = new Map(FIELDS.flatMap((field) => NAMES[field].map((name, rank) => [name, { field, rank }] as const)));

/** Dollars of one span, beyond which a number is a mistake. */
const MAX_COST_USD = 1_000_000;

/** Beyond it a number is a mistake, and sums of many would not fit into what stores them. */
const MAX_NUMBER = 1e12;

/** Some emitters write numbers as text. */
function numberOf(value: Value | undefined): number | null {
  const read = typeof value === "string" && value !== "" ? Number(value) : value;
  return typeof read === "number" && read >= 0 && read <= MAX_NUMBER ? read : null;
}

type Found = { value: number; name: string; rank: number };
type Told = { [field in Field]?: Found | undefined };

/** Numbers that are told, each under the first of its names. */
function toldIn(attributes: Attributes): Told {
  const told: Told = {};
  for (const name in attributes) {
    const place = PLACES.get(name);
    const value = place === undefined ? null : numberOf(attributes[name]);
    if (place === undefined || value === null) continue;
    const { field, rank } = place;
    if (rank < (told[field]?.rank ?? Number.POSITIVE_INFINITY)) told[field] = { value, name, rank };
  }
  return told;
}

const DETAILS = "langfuse.observation.cost_details";

/** Langfuse tells costs as JSON. */
function costDetails(text: Value | undefined): Found | undefined {
  try {
    const details: unknown = typeof text === "string" ? JSON.parse(text) : null;
    const total = typeof details === "object" && details !== null && "total" in details ? details.total : null;
    return typeof total === "number" && total >= 0 ? { value: total, name: DETAILS, rank: 0 } : undefined;
  } catch {
    return;
  }
}

function costIn(attributes: Attributes, { cost }: Told): Found | undefined {
  const found = cost ?? costDetails(attributes[DETAILS]);
  return found !== undefined && found.value <= MAX_COST_USD ? found : undefined;
}

function namesOf(told: Told): string[] {
  const names: string[] = [];
  for (const field of FIELDS) {
    const name = told[field]?.name;
    if (name !== undefined) names.push(name);
  }
  return names;
}

const count = (found: Found | undefined): number | null => (found === undefined ? null : Math.round(found.value));

/** Anthropic's own count leaves out what came from the cache; the conventions include it. */
function wholeInput(input: number | null, cached: number): number | null {
  if (input === null) return cached > 0 ? cached : null;
  return cached > input ? input + cached : input;
}

/** What a span says it used; null when it says nothing. */
export function usageOf(attributes: Attributes): Usage | null {
  const told = toldIn(attributes);
  told.cost = costIn(attributes, told);
  const names = namesOf(told);
  if (names.length === 0) return null;
  const [cacheReadTokens, cacheWriteTokens] = [count(told.cacheRead), count(told.cacheWrite)];
  return {
    inputTokens: wholeInput(count(told.input), (cacheReadTokens ?? 0) + (cacheWriteTokens ?? 0)),
    outputTokens: count(told.output),
    cacheReadTokens,
    cacheWriteTokens,
    reasoningTokens: count(told.reasoning),
    costMicros: told.cost === undefined ? null : toMicros(told.cost.value),
    provider: providerOf(attributes),
    names,
  };
}

/** The attributes that tell of it, as they were named and told. */
export function reportedIn(attributes: Attributes, usage: Usage | null): Attributes {
  const reported: Attributes = {};
  for (const name of usage?.names ?? []) put(reported, name, attributes[name] ?? null);
  return reported;
}

const known = <T>(value: T | null): T | undefined => value ?? undefined;

const totalOf = ({ inputTokens, outputTokens }: Usage): number | null =>
  inputTokens === null && outputTokens === null ? null : (inputTokens ?? 0) + (outputTokens ?? 0);

/**
 * How usage is stored; what is not known is left out. `isCounted`: whether its tokens and costs count, and are not those of
 * other steps. `isCovered`: its cost is part of what a span that holds others tells of all; `isWhole`: it is such a span. `gapMicros`: by how much its
 * costs are more than theirs, in micro-dollars.
 */
export function storedUsage(usage: Usage, reported: Attributes, counts: Omit<Counts, "costMicros">): object {
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, reasoningTokens, provider } = usage;
  // JSON leaves out what is undefined.
  return {
    input_tokens: known(inputTokens),
    output_tokens: known(outputTokens),
    total_tokens: known(totalOf(usage)),
    cache_read_tokens: known(cacheReadTokens),
    cache_write_tokens: known(cacheWriteTokens),
    reasoning_tokens: known(reasoningTokens),
    provider: known(provider),
    reported,
    counted: counts.isCounted ? undefined : false,
    covered: counts.isCovered ? true : undefined,
    whole: counts.isWhole ? true : undefined,
    unattributed_cost_usd: counts.gapMicros > 0 ? dollars(counts.gapMicros) : undefined,
  };
}

const countIn = (value: unknown): number | null => (typeof value === "number" ? value : null);

/** What `storedUsage` has stored, as far as a price asks for it. */
export function readStored(stored: Readonly<Record<string, unknown>>): Usage {
  return {
    inputTokens: countIn(stored["input_tokens"]),
    outputTokens: countIn(stored["output_tokens"]),
    cacheReadTokens: countIn(stored["cache_read_tokens"]),
    cacheWriteTokens: countIn(stored["cache_write_tokens"]),
    reasoningTokens: countIn(stored["reasoning_tokens"]),
    costMicros: null,
    provider: typeof stored["provider"] === "string" ? stored["provider"] : null,
    names: [],
  };
}

/** What of the usage of a span is its own. */
export type Counts = {
  isCounted: boolean;
  /** A span that holds others tells what all of them cost: then what is computed does not count. */
  isCovered: boolean;
  /** It holds others, and tells what all of them cost. */
  isWhole: boolean;
  gapMicros: number;
  /** What of it counts as its cost, told or computed, in micro-dollars. */
  costMicros: number | null;
};
