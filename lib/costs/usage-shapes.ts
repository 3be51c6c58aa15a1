/** How clients and providers tell what a call used. */

/** A field, `name` as it is written; what follows a dot is a field of that object, or of the one about audio in a list of them by modality. */
export type Field = { name: string; first: string; inner: readonly string[] };

/** Fields of which the first that tells more than nothing counts. */
export type Names = readonly Field[];

/** Names are taken apart once: a usage is asked for dozens of them. */
const named = (...names: string[]): Names =>
  names.map((name) => {
    const [first = name, ...inner] = name.split(".");
    return { name, first, inner };
  });

/** How one kind of client or provider tells what a call used. */
export type Shape = {
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
  /** Of the input, what was heard, and of that, what was read from a cache; of the output, what was spoken. */
  audioInput?: Names;
  audioCacheRead?: Names;
  audioOutput?: Names;
  total: Names;
  /** What the cache holds comes on top of the input, and is no part of it. */
  isCacheApart?: true;
  /** What nobody sees comes on top of the output. */
  isReasoningApart?: true;
};

const OUTPUT_DETAILS: Names = named(
  "output_tokens_details.reasoning_tokens",
  "output_tokens_details.thinking_tokens",
  "output_token_details.reasoning",
  "reasoning_tokens",
);

const ANTHROPIC: Shape = {
  marks: named("cache_read_input_tokens", "cache_creation_input_tokens", "cache_creation"),
  input: named("input_tokens"),
  output: named("output_tokens"),
  cacheRead: named("cache_read_input_tokens"),
  cacheWrite: named("cache_creation_input_tokens"),
  cacheWrite5m: named("cache_creation.ephemeral_5m_input_tokens"),
  cacheWrite1h: named("cache_creation.ephemeral_1h_input_tokens"),
  reasoning: OUTPUT_DETAILS,
  total: named("total_tokens"),
  isCacheApart: true,
};

/** PingPulse, OpenAI's responses, LangChain, and what spans are stored as. */
const PLAIN: Shape = {
  input: named("input_tokens"),
  output: named("output_tokens"),
  cacheRead: named(
    "input_tokens_details.cached_tokens",
    "input_token_details.cached_tokens",
    "input_token_details.cache_read",
    "cache_read_tokens",
  ),
  cacheWrite: named(
    "input_tokens_details.cache_write_tokens",
    "input_token_details.cache_creation",
    "cache_write_tokens",
  ),
  reasoning: OUTPUT_DETAILS,
  audioInput: named(
    "input_tokens_details.audio_tokens",
    "input_token_details.audio_tokens",
    "input_token_details.audio",
  ),
  audioCacheRead: named("input_token_details.cached_tokens_details.audio_tokens"),
  audioOutput: named(
    "output_tokens_details.audio_tokens",
    "output_token_details.audio_tokens",
    "output_token_details.audio",
  ),
  total: named("total_tokens"),
};

/** OpenAI's chat and all that speak like it: Mistral, DeepSeek, xAI, OpenRouter, LiteLLM. */
const CHAT: Shape = {
  input: named("prompt_tokens"),
  output: named("completion_tokens"),
  cacheRead: named(
    "prompt_tokens_details.cached_tokens",
    "prompt_cache_hit_tokens",
    "cache_read_input_tokens",
    "cached_tokens",
  ),
  cacheWrite: named("prompt_tokens_details.cache_write_tokens", "cache_creation_input_tokens"),
  reasoning: named("completion_tokens_details.reasoning_tokens", "reasoning_tokens"),
  audioInput: named("prompt_tokens_details.audio_tokens"),
  audioOutput: named("completion_tokens_details.audio_tokens"),
  total: named("total_tokens"),
};

const GEMINI: Shape = {
  input: named("promptTokenCount"),
  moreInput: named("toolUsePromptTokenCount"),
  output: named("candidatesTokenCount"),
  cacheRead: named("cachedContentTokenCount"),
  cacheWrite: named(),
  reasoning: named("thoughtsTokenCount"),
  audioInput: named("promptTokensDetails.tokenCount"),
  audioCacheRead: named("cacheTokensDetails.tokenCount"),
  audioOutput: named("candidatesTokensDetails.tokenCount"),
  total: named("totalTokenCount"),
  isReasoningApart: true,
};

/** The same as Google's client for Python names it. */
const GEMINI_PYTHON: Shape = {
  input: named("prompt_token_count"),
  moreInput: named("tool_use_prompt_token_count"),
  output: named("candidates_token_count"),
  cacheRead: named("cached_content_token_count"),
  cacheWrite: named(),
  reasoning: named("thoughts_token_count"),
  audioInput: named("prompt_tokens_details.token_count"),
  audioCacheRead: named("cache_tokens_details.token_count"),
  audioOutput: named("candidates_tokens_details.token_count"),
  total: named("total_token_count"),
  isReasoningApart: true,
};

const BEDROCK: Shape = {
  marks: named("cacheReadInputTokens", "cacheWriteInputTokens"),
  input: named("inputTokens"),
  output: named("outputTokens"),
  cacheRead: named("cacheReadInputTokens"),
  cacheWrite: named("cacheWriteInputTokens"),
  reasoning: named(),
  total: named("totalTokens"),
  isCacheApart: true,
};

const AI_SDK: Shape = {
  input: named("inputTokens", "promptTokens"),
  output: named("outputTokens", "completionTokens"),
  cacheRead: named("inputTokenDetails.cacheReadTokens", "cachedInputTokens"),
  cacheWrite: named("inputTokenDetails.cacheWriteTokens"),
  reasoning: named("outputTokenDetails.reasoningTokens", "reasoningTokens"),
  total: named("totalTokens"),
};

/** What it bills is told apart from what it counted (Cohere's Chat API, version 2). */
const COHERE: Shape = {
  input: named("billed_units.input_tokens", "tokens.input_tokens"),
  output: named("billed_units.output_tokens", "tokens.output_tokens"),
  cacheRead: named(),
  cacheWrite: named(),
  reasoning: named(),
  total: named(),
};

const OLLAMA: Shape = {
  input: named("prompt_eval_count"),
  output: named("eval_count"),
  cacheRead: named(),
  cacheWrite: named(),
  reasoning: named(),
  total: named(),
};

export const SHAPES: readonly Shape[] = [
  ANTHROPIC,
  PLAIN,
  CHAT,
  GEMINI,
  GEMINI_PYTHON,
  BEDROCK,
  AI_SDK,
  COHERE,
  OLLAMA,
];

export const SEARCHES: Names = named("server_tool_use.web_search_requests", "num_search_queries");
