import { NO_OWN_PRICES, type OwnRates } from "@/lib/costs/own-prices";
import { storable } from "@/lib/ingest/json";
import { payloadOf } from "./content";
import { agentOf, modelOf, operationOf, type Role, stepName } from "./operation";
import { computedMicros } from "./price";
import type { Attributes, Span } from "./span";
import { reportedIn, type Usage, usageOf } from "./usage";

/** What a span about a model, an agent or a tool makes of a step. */
export type ToldStep = {
  role: Role;
  /** What steps of its kind are called. */
  name: string;
  agent: string | null;
  isFailed: boolean;
  statusText: string | null;
  responseTimeMs: number | null;
  modelId: string | null;
  usage: Usage | null;
  /** What its tokens cost by the prices that hold, in micro-dollars; null for what holds others, because it repeats theirs. */
  computedMicros: number | null;
  /** The attributes that tell of it, as they were named. */
  reported: Attributes;
  toolCalls: object[] | null;
  /** JSON. */
  payload: string;
};

/** A span as far as it is needed: of one that is about something else only where it stands in its trace. */
export type ToldSpan = Pick<Span, "traceId" | "spanId" | "parentSpanId" | "startMs" | "endMs"> & {
  step: ToldStep | null;
  /** How the trace ended, told by its root. */
  root: { isFailed: boolean; reason: string | null } | null;
};

const NAME_LENGTH = 200;
const STATUS_LENGTH = 500;

const short = (text: string | null, length: number): string | null =>
  text === null ? null : storable(text.slice(0, length)) || null;

const textAt = (attributes: Attributes, name: string): string | null => {
  const value = attributes[name];
  return typeof value === "string" && value !== "" ? value : null;
};

/** Why it failed, in its own words. */
function reasonOf({ statusMessage, attributes, events }: Span): string | null {
  const exception = events.findLast(({ name }) => name === "exception")?.attributes;
  const message = exception === undefined ? null : textAt(exception, "exception.message");
  return statusMessage || message || textAt(attributes, "error.type");
}

const hasFailed = ({ isError, attributes }: Span): boolean => isError || textAt(attributes, "error.type") !== null;

/** How long it took in milliseconds, if it tells both ends. An end before the start is a clock that was set: it took no time. */
const lasted = ({ startMs, endMs }: Span): number | null =>
  startMs === 0 || endMs === 0 ? null : Math.max(0, Math.round(endMs - startMs));

function toolCallsOf(span: Span, target: string | null): object[] {
  const { attributes } = span;
  const latencyMs = lasted(span);
  const id = textAt(attributes, "gen_ai.tool.call.id") ?? textAt(attributes, "ai.toolCall.id");
  return [
    {
      tool_name: storable(target ?? span.name),
      ...(latencyMs !== null && { latency_ms: latencyMs }),
      success: !hasFailed(span),
      ...(id !== null && { call_id: storable(id) }),
    },
  ];
}

function stepOf(span: Span, own: OwnRates): ToldStep | null {
  const operation = operationOf(span);
  if (operation === null) return null;
  const { attributes } = span;
  const usage = usageOf(attributes);
  const modelId = short(modelOf(attributes), NAME_LENGTH);
  const mayCount = operation.role === "call" || operation.role === "other";
  const isFailed = hasFailed(span);
  return {
    role: operation.role,
    name: storable(stepName(operation, span.name)),
    agent: short(agentOf(attributes), NAME_LENGTH),
    isFailed,
    statusText: short(isFailed ? reasonOf(span) : span.statusMessage || null, STATUS_LENGTH),
    responseTimeMs: lasted(span),
    modelId,
    usage,
    computedMicros: mayCount ? computedMicros({ model: modelId, usage, endMs: span.endMs }, own) : null,
    reported: reportedIn(attributes, usage),
    toolCalls:
      operation.role === "tool" && operation.name === "execute_tool" ? toolCallsOf(span, operation.target) : null,
    payload: payloadOf(span),
  };
}

/** What a span tells (OpenTelemetry GenAI conventions, OpenInference, OpenLLMetry, Langfuse, Vercel's AI SDK), priced by what its project pays. Pure. */
export function tell(span: Span, own: OwnRates = NO_OWN_PRICES): ToldSpan {
  const { traceId, spanId, parentSpanId, endMs } = span;
  const startMs = span.startMs === 0 ? endMs : span.startMs;
  const isRoot = parentSpanId === null;
  const root = isRoot
    ? { isFailed: span.isError, reason: span.isError ? short(reasonOf(span), STATUS_LENGTH) : null }
    : null;
  return { traceId, spanId, parentSpanId, startMs, endMs: Math.max(startMs, endMs), step: stepOf(span, own), root };
}
