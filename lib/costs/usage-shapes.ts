/** How clients and providers tell what a call used. */

/**
 * Names of fields, of which the first that tells more than nothing counts; what follows a dot is a field of that object, or of
 * the one about audio in a list of them by modality.
 */
export type Names = readonly string[];

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
  audioInput: ["input_tokens_details.audio_tokens", "input_token_details.audio_tokens", "input_token_details.audio"],
  audioCacheRead: ["input_token_details.cached_tokens_details.audio_tokens"],
  audioOutput: [
    "output_tokens_details.audio_tokens",
    "output_token_details.audio_tokens",
    "output_token_details.audio",
  ],
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
  audioInput: ["prompt_tokens_details.audio_tokens"],
  audioOutput: ["completion_tokens_details.audio_tokens"],
  total: ["total_tokens"],
};

const GEMINI: Shape = {
  input: ["promptTokenCount"],
  moreInput: ["toolUsePromptTokenCount"],
  output: ["candidatesTokenCount"],
  cacheRead: ["cachedContentTokenCount"],
  cacheWrite: [],
  reasoning: ["thoughtsTokenCount"],
  audioInput: ["promptTokensDetails.tokenCount"],
  audioCacheRead: ["cacheTokensDetails.tokenCount"],
  audioOutput: ["candidatesTokensDetails.tokenCount"],
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
  audioInput: ["prompt_tokens_details.token_count"],
  audioCacheRead: ["cache_tokens_details.token_count"],
  audioOutput: ["candidates_tokens_details.token_count"],
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

export const SEARCHES: Names = ["server_tool_use.web_search_requests", "num_search_queries"];
