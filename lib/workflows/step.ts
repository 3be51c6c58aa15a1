/** What a step tells besides its stage; null where nothing was said. Money in micro-dollars. */
export type StepDetail = {
  statusText: string | null;
  responseTimeMs: number | null;
  modelId: string | null;
  inputTokens: number | null;
  outputTokens: number | null;
  /** As it was told, else as it was computed. */
  costMicros: number | null;
  /** What its tokens cost by the price list. */
  computedMicros: number | null;
  contextSizeBytes: number | null;
  handoffReason: string | null;
  usage: object | null;
  toolCalls: object[] | null;
  /** What its cost is counted under besides. */
  tags: readonly string[] | null;
  payload: unknown;
};

/** Of a step that tells nothing besides. */
export const NOTHING_TOLD: StepDetail = {
  statusText: null,
  responseTimeMs: null,
  modelId: null,
  inputTokens: null,
  outputTokens: null,
  costMicros: null,
  computedMicros: null,
  contextSizeBytes: null,
  handoffReason: null,
  usage: null,
  toolCalls: null,
  tags: null,
  payload: null,
};
