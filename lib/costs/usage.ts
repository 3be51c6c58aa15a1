import { isObject, type JsonObject } from "@/lib/core/json-object";

/** What a call used. All of them whole numbers from 0, and 0 where nothing was told. */
export type CanonicalUsage = {
  /** Everything that went in, from a cache and into one too. */
  inputTokens: number;
  cacheReadTokens: number;
  /** All that were written to a cache. */
  cacheWriteTokens: number;
  /** Of these, the ones that stay there for an hour. */
  cacheWrite1hTokens: number;
  /** Everything that came out. */
  outputTokens: number;
  /** Of these, the ones that nobody sees. */
  reasoningTokens: number;
  webSearches: number;
};

type Wrong = { name: string; reason: string };

/** Names of fields, of which the first that tells more than nothing counts; what follows a dot is a field of that object. */
type Names = readonly string[];

/** How one kind of client or provider tells what a call used. */
type Shape = {
  /** It is only this shape when one of these is told. */
  marks?: Names;
  input: Names;
  /** What went in besides. */
  moreInput?: Names;
  output: Names;
  cacheRead: Names;
  cacheWrite: Names;
  cacheWrite5m?: Names;
  cacheWrite1h?: Names;
  reasoning: Names;
  total: Names;
  /** What the cache holds comes on top of the input, and is no part of it. */
  isCacheApart?: true;
  /** What nobody sees comes on top of the output. */
  isReasoningApart?: true;
};

const OUTPUT_DETAILS: Names = [
  "output_tokens_details.reasoning_tokens",
  "output_tokens_details.thinking_tokens",
  "output_token_details.reasoning",
  "reasoning_tokens",
];

const ANTHROPIC: Shape = {
  marks: ["cache_read_input_tokens", "cache_creation_input_tokens", "cache_creation"],
  input: ["input_tokens"],
  output: ["output_tokens"],
  cacheRead: ["cache_read_input_tokens"],
  cacheWrite: ["cache_creation_input_tokens"],
  cacheWrite5m: ["cache_creation.ephemeral_5m_input_tokens"],
  cacheWrite1h: ["cache_creation.ephemeral_1h_input_tokens"],
  reasoning: OUTPUT_DETAILS,
  total: ["total_tokens"],
  isCacheApart: true,
};

/** PingPulse, OpenAI's responses, LangChain, and what spans are stored as. */
const PLAIN: Shape = {
  input: ["input_tokens"],
  output: ["output_tokens"],
  cacheRead: [
    "input_tokens_details.cached_tokens",
    "input_token_details.cached_tokens",
    "input_token_details.cache_read",
    "cache_read_tokens",
  ],
  cacheWrite: ["input_tokens_details.cache_write_tokens", "input_token_details.cache_creation", "cache_write_tokens"],
  reasoning: OUTPUT_DETAILS,
  total: ["total_tokens"],
};

/** OpenAI's chat and all that speak like it: Mistral, DeepSeek, xAI, OpenRouter, LiteLLM. */
const CHAT: Shape = {
  input: ["prompt_tokens"],
  output: ["completion_tokens"],
  cacheRead: [
    "prompt_tokens_details.cached_tokens",
    "prompt_cache_hit_tokens",
    "cache_read_input_tokens",
    "cached_tokens",
  ],
  cacheWrite: ["prompt_tokens_details.cache_write_tokens", "cache_creation_input_tokens"],
  reasoning: ["completion_tokens_details.reasoning_tokens", "reasoning_tokens"],
  total: ["total_tokens"],
};

const GEMINI: Shape = {
  input: ["promptTokenCount"],
  moreInput: ["toolUsePromptTokenCount"],
  output: ["candidatesTokenCount"],
  cacheRead: ["cachedContentTokenCount"],
  cacheWrite: [],
  reasoning: ["thoughtsTokenCount"],
  total: ["totalTokenCount"],
  isReasoningApart: true,
};

/** The same as Google's client for Python names it. */
const GEMINI_PYTHON: Shape = {
  input: ["prompt_token_count"],
  moreInput: ["tool_use_prompt_token_count"],
  output: ["candidates_token_count"],
  cacheRead: ["cached_content_token_count"],
  cacheWrite: [],
  reasoning: ["thoughts_token_count"],
  total: ["total_token_count"],
  isReasoningApart: true,
};

const BEDROCK: Shape = {
  marks: ["cacheReadInputTokens", "cacheWriteInputTokens"],
  input: ["inputTokens"],
  output: ["outputTokens"],
  cacheRead: ["cacheReadInputTokens"],
  cacheWrite: ["cacheWriteInputTokens"],
  reasoning: [],
  total: ["totalTokens"],
  isCacheApart: true,
};

const AI_SDK: Shape = {
  input: ["inputTokens", "promptTokens"],
  output: ["outputTokens", "completionTokens"],
  cacheRead: ["inputTokenDetails.cacheReadTokens", "cachedInputTokens"],
  cacheWrite: ["inputTokenDetails.cacheWriteTokens"],
  reasoning: ["outputTokenDetails.reasoningTokens", "reasoningTokens"],
  total: ["totalTokens"],
};

/** What it bills is told apart from what it counted (Cohere's Chat API, version 2). */
const COHERE: Shape = {
  input: ["billed_units.input_tokens", "tokens.input_tokens"],
  output: ["billed_units.output_tokens", "tokens.output_tokens"],
  cacheRead: [],
  cacheWrite: [],
  reasoning: [],
  total: [],
};

const OLLAMA: Shape = {
  input: ["prompt_eval_count"],
  output: ["eval_count"],
  cacheRead: [],
  cacheWrite: [],
  reasoning: [],
  total: [],
};

const SHAPES: readonly Shape[] = [ANTHROPIC, PLAIN, CHAT, GEMINI, GEMINI_PYTHON, BEDROCK, AI_SDK, COHERE, OLLAMA];

const SEARCHES: Names = ["server_tool_use.web_search_requests", "num_search_queries"];

type Fields = Readonly<JsonObject>;

/** What a field says; null when it is not there. */
function said(usage: Fields, name: string): unknown {
  const dot = name.indexOf(".");
  if (dot < 0) return usage[name] ?? null;
  const inner = usage[name.slice(0, dot)];
  return isObject(inner) ? (inner[name.slice(dot + 1)] ?? null) : null;
}

const tells = (usage: Fields, names: Names): boolean => names.some((name) => said(usage, name) !== null);

/** Gateways answer in two shapes at once, of which one holds nothing but zeros. */
const tellsSome = (usage: Fields, names: Names): boolean => names.some((name) => (said(usage, name) ?? 0) !== 0);

/** The shape of what was sent; undefined when it tells neither what went in nor what came out. */
function shapeOf(usage: Fields): Shape | undefined {
  const fitting = SHAPES.filter(
    ({ marks, input, output }) =>
      (marks === undefined || tells(usage, marks)) && (tells(usage, input) || tells(usage, output)),
  );
  return fitting.find(({ input, output }) => tellsSome(usage, input) || tellsSome(usage, output)) ?? fitting[0];
}

/** Beyond it a number is a mistake, and sums of many would not fit into what stores them. */
const MAX_COUNT = 1e12;

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

/** Reads fields, and remembers the first that is wrong. */
class Reader {
  wrong: Wrong | null = null;
  readonly #usage: Fields;

  constructor(usage: Fields) {
    this.#usage = usage;
  }

  count(names: Names | undefined): number {
    for (const name of names ?? []) {
      const value = said(this.#usage, name);
      if (value === null || value === 0) continue;
      if (!isCount(value)) this.refuse(name, "must be a whole number from 0");
      else if (value > MAX_COUNT) this.refuse(name, `must be at most ${MAX_COUNT}`);
      else return value;
    }
    return 0;
  }

  refuse(name: string, reason: string): void {
    this.wrong ??= { name, reason };
  }

  /** The first of these that is told. */
  named(names: Names): string | undefined {
    return names.find((name) => said(this.#usage, name) !== null);
  }
}

/** Everything that went in. */
function wholeInput(reader: Reader, shape: Shape, cached: number): number {
  const input = reader.count(shape.input);
  const whole = input + reader.count(shape.moreInput);
  if (shape.isCacheApart) return whole + cached;
  const name = reader.named(shape.input);
  if (name === undefined) return Math.max(whole, cached);
  if (cached > whole) {
    const part = reader.named(shape.cacheRead) ?? reader.named(shape.cacheWrite) ?? name;
    reader.refuse(part, `must not be more than ${name}, of which it is a part`);
  }
  return whole;
}

/** Everything that came out. xAI tells what nobody sees on top of it, in the words of OpenAI, whose total shows it. */
function wholeOutput(reader: Reader, shape: Shape, reasoning: number): number {
  const output = reader.count(shape.output);
  const told = reader.count(shape.total);
  const isOnTop = reasoning > output || told === reader.count(shape.input) + output + reasoning;
  return shape.isReasoningApart || isOnTop ? output + reasoning : output;
}

function read(reader: Reader, shape: Shape): CanonicalUsage {
  const cacheReadTokens = reader.count(shape.cacheRead);
  const cacheWrite1hTokens = reader.count(shape.cacheWrite1h);
  const parts = reader.count(shape.cacheWrite5m) + cacheWrite1hTokens;
  const cacheWriteTokens = Math.max(reader.count(shape.cacheWrite), parts);
  const reasoningTokens = reader.count(shape.reasoning);
  return {
    inputTokens: wholeInput(reader, shape, cacheReadTokens + cacheWriteTokens),
    cacheReadTokens,
    cacheWriteTokens,
    cacheWrite1hTokens,
    outputTokens: wholeOutput(reader, shape, reasoningTokens),
    reasoningTokens,
    webSearches: reader.count(SEARCHES),
  };
}

/**
 * What a call used, in whichever words it is told: of Anthropic, OpenAI, Gemini, Bedrock, the AI SDK, LangChain, PingPulse, or
 * as spans are stored. Null when it does not tell what went in or came out, or tells what `wrongUsage` refuses.
 */
export function canonicalUsage(usage: unknown): CanonicalUsage | null {
  const shape = isObject(usage) ? shapeOf(usage) : undefined;
  if (shape === undefined) return null;
  const reader = new Reader(usage as Fields); // or it would have no shape
  const canonical = read(reader, shape);
  return reader.wrong === null ? canonical : null;
}

/**
 * The first field of `usage` that cannot be, as it is named within `usage` (`prompt_tokens_details.cached_tokens`), and why:
 * tokens that are no whole numbers from 0, and more from a cache than went in where the one is a part of the other. Null
 * when all are well. Fields that have no meaning here are never refused.
 */
export function wrongUsage(usage: object): Wrong | null {
  if (!isObject(usage)) return null;
  const shape = shapeOf(usage);
  const reader = new Reader(usage);
  for (const each of shape === undefined ? SHAPES : [shape]) read(reader, each);
  return reader.wrong;
}
