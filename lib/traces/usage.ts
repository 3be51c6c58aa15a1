import { dollars, toMicros } from "@/lib/core/money";
import { providerOf } from "./operation";
import { type Attributes, put } from "./span";

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

/** Dollars of one span, beyond which a number is a mistake. */
const MAX_COST_USD = 1_000_000;

/** Some emitters write numbers as text. */
function numberIn(attributes: Attributes, name: string): number | null {
  const value = attributes[name];
  const read = typeof value === "string" && value !== "" ? Number(value) : value;
  return typeof read === "number" && read >= 0 && read <= Number.MAX_SAFE_INTEGER ? read : null;
}

type Found = { value: number | null; name: string | null };

function find(attributes: Attributes, field: Field): Found {
  for (const name of NAMES[field]) {
    if (!(name in attributes)) continue;
    const value = numberIn(attributes, name);
    if (value !== null) return { value, name };
  }
  return { value: null, name: null };
}

const DETAILS = "langfuse.observation.cost_details";

/** Langfuse tells costs as JSON. */
function costDetails(attributes: Attributes): Found {
  const text = attributes[DETAILS];
  try {
    const details: unknown = typeof text === "string" ? JSON.parse(text) : null;
    const total = typeof details === "object" && details !== null && "total" in details ? details.total : null;
    return typeof total === "number" && total >= 0 ? { value: total, name: DETAILS } : { value: null, name: null };
  } catch {
    return { value: null, name: null };
  }
}

function costIn(attributes: Attributes): Found {
  const found = find(attributes, "cost");
  const cost = found.value === null && DETAILS in attributes ? costDetails(attributes) : found;
  return cost.value !== null && cost.value > MAX_COST_USD ? { value: null, name: null } : cost;
}

const count = ({ value }: Found): number | null => (value === null ? null : Math.round(value));

/** Anthropic's own count leaves out what came from the cache; the conventions include it. */
function wholeInput(input: number | null, cached: number): number | null {
  if (input === null) return cached > 0 ? cached : null;
  return cached > input ? input + cached : input;
}

/** What a span says it used; null when it says nothing. */
export function usageOf(attributes: Attributes): Usage | null {
  const [input, output, read, write, reasoning] = (
    ["input", "output", "cacheRead", "cacheWrite", "reasoning"] as const
  ).map((field) => find(attributes, field)) as [Found, Found, Found, Found, Found]; // as many as there are fields
  const cost = costIn(attributes);
  const names = [input, output, read, write, reasoning, cost].flatMap(({ name }) => name ?? []);
  if (names.length === 0) return null;
  return {
    inputTokens: wholeInput(count(input), (count(read) ?? 0) + (count(write) ?? 0)),
    outputTokens: count(output),
    cacheReadTokens: count(read),
    cacheWriteTokens: count(write),
    reasoningTokens: count(reasoning),
    costMicros: cost.value === null ? null : toMicros(cost.value),
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
 * other steps. `gapMicros`: by how much its costs are more than theirs, in micro-dollars.
 */
export function storedUsage(usage: Usage, reported: Attributes, counts: Counts): object {
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
    unattributed_cost_usd: counts.gapMicros > 0 ? dollars(counts.gapMicros) : undefined,
  };
}

/** What of the usage of a span is its own. */
export type Counts = { isCounted: boolean; gapMicros: number };
