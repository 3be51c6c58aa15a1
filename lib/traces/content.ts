import { depthOf } from "@/lib/core/json-depth";
import { storableValue } from "@/lib/ingest/json";
import { type Attributes, put, type Span, type SpanEvent } from "./span";

/** Characters of JSON that are kept of what a span carries. */
const MAX_PAYLOAD = 100_000;
/** Of each part, when all of it is too long. */
const MAX_PART = 30_000;
/** Text that holds deeper JSON than this stays text. */
const MAX_DEPTH = 100;

type Side = {
  /** Attributes that hold all of it; the first that is there counts. */
  whole: readonly string[];
  /** Begins of attributes that hold messages one field at a time, such as `gen_ai.prompt.0.role`. */
  indexed: readonly string[];
  isEvent: (name: string) => boolean;
};

const INPUT: Side = {
  whole: [
    "gen_ai.input.messages",
    "gen_ai.tool.call.arguments",
    "gen_ai.prompt",
    "ai.prompt.messages",
    "ai.prompt",
    "ai.toolCall.args",
    "ai.values",
    "ai.value",
    "tool_call.function.arguments",
    "traceloop.entity.input",
    "langfuse.observation.input",
    "input.value",
    "tool.parameters",
  ],
  indexed: ["gen_ai.prompt.", "llm.input_messages.", "llm.prompts."],
  isEvent: (name) => name.endsWith(".message"),
};

const OUTPUT: Side = {
  whole: [
    "gen_ai.output.messages",
    "gen_ai.tool.call.result",
    "gen_ai.completion",
    "ai.response.text",
    "ai.response.object",
    "ai.response.toolCalls",
    "ai.toolCall.result",
    "traceloop.entity.output",
    "langfuse.observation.output",
    "output.value",
  ],
  indexed: ["gen_ai.completion.", "llm.output_messages."],
  isEvent: (name) => name === "gen_ai.choice",
};

/** An event that holds what other spans have as attributes. */
const DETAILS = "gen_ai.client.inference.operation.details";

/** Whether a value is text that holds a list or an object as JSON. */
function isJson(value: unknown): value is string {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value) || depthOf(value) > MAX_DEPTH) return false;
  try {
    JSON.parse(value);
    return true;
  } catch {
    return false;
  }
}

/** What JSON in a text stands for; any other value is itself. */
const parsed = (value: unknown): unknown => (isJson(value) ? JSON.parse(value) : value);

/** A value as JSON; what is JSON already goes on as it was told. */
const jsonOf = (value: unknown): string => (isJson(value) ? value : (JSON.stringify(value) ?? "null"));

/** Messages whose fields are attributes of their own, in their order. */
function messagesIn(attributes: Attributes, prefix: string): object[] | null {
  const messages = new Map<number, Record<string, unknown>>();
  for (const name in attributes) {
    const [, place, field] = name.startsWith(prefix) ? (/^(\d{1,6})\.(.+)$/.exec(name.slice(prefix.length)) ?? []) : [];
    if (place === undefined || field === undefined) continue;
    const message = messages.get(Number(place)) ?? {};
    put(message, field.replace(/^message\./, ""), attributes[name]);
    messages.set(Number(place), message);
  }
  const inOrder = [...messages].sort(([a], [b]) => a - b);
  return inOrder.length === 0 ? null : inOrder.map(([, message]) => message);
}

function messageOf({ name, attributes }: SpanEvent): object {
  const role = /^gen_ai\.(\w+)\.message$/.exec(name)?.[1];
  const content = Object.entries(attributes).map(([field, value]) => [field, parsed(value)]);
  return { ...(role !== undefined && { role }), ...Object.fromEntries(content) };
}

/** As JSON, and which attributes hold it. */
type Content = { json: string; taken: readonly string[] };

function contentOf(attributes: Attributes, events: SpanEvent[], side: Side): Content {
  for (const name of side.whole) if (name in attributes) return { json: jsonOf(attributes[name]), taken: [name] };
  for (const prefix of side.indexed) {
    const value = messagesIn(attributes, prefix);
    if (value !== null) return { json: JSON.stringify(value), taken: [prefix] };
  }
  const told = events.filter(({ name }) => name.startsWith("gen_ai.") && side.isEvent(name)).map(messageOf);
  return { json: told.length === 0 ? "null" : JSON.stringify(told), taken: [] };
}

/** What neither input nor output is. */
function otherAttributes(attributes: Attributes, taken: readonly string[]): Attributes {
  const others: Attributes = {};
  const isTaken = (name: string): boolean =>
    taken.some((one) => name === one || (one.endsWith(".") && name.startsWith(one)));
  for (const name in attributes) if (!isTaken(name)) put(others, name, attributes[name] ?? null);
  return others;
}

const LEFT_OUT = "…";

/** A part of a payload, as text of its begin where it is too long. */
function cut(json: string): string {
  if (json.length <= MAX_PART) return json;
  const value: unknown = JSON.parse(json);
  return JSON.stringify((typeof value === "string" ? value : json).slice(0, MAX_PART) + LEFT_OUT);
}

/** What may stand for a NUL or half of a surrogate pair, and for a number of more digits than PostgreSQL takes. */
const ODD_TEXT = /\\u(?:0000|d)/i;
const ODD_NUMBER = /[\d.]e[+-]?\d{5}/i;

/** Few texts have an escape that is worth a search. */
const isDoubtful = (json: string): boolean =>
  (json.includes("\\u") && ODD_TEXT.test(json)) || ODD_NUMBER.test(json) || !json.isWellFormed();

/** JSON that PostgreSQL can store. */
function storableText(json: string): string {
  return isDoubtful(json) ? JSON.stringify(storableValue(JSON.parse(json))) : json;
}

/** A value as JSON that PostgreSQL can store. */
export const storableJson = (value: object): string => storableText(JSON.stringify(value));

type Payload = { input: string; output: string; attributes: string };

const together = ({ input, output, attributes }: Payload): string =>
  `"input":${input},"output":${output},"attributes":${attributes}`;

function bounded(payload: Payload): string {
  const text = together(payload);
  if (text.length <= MAX_PAYLOAD) return storableText(`{${text}}`);
  const { input, output, attributes } = payload;
  const parts = { input: cut(input), output: cut(output), attributes: cut(attributes) };
  const words = `${text.length} characters were told, ${MAX_PAYLOAD} are kept`;
  return storableText(`{${together(parts)},"cut":${JSON.stringify(words)}}`);
}

/** What went into a span and came out of it, with its other attributes, as JSON of at most 100,000 characters. */
export function payloadOf({ attributes: own, events }: Pick<Span, "attributes" | "events">): string {
  const details = events.find(({ name }) => name === DETAILS)?.attributes;
  const attributes = details === undefined ? own : { ...own, ...details };
  const input = contentOf(attributes, events, INPUT);
  const output = contentOf(attributes, events, OUTPUT);
  const others = otherAttributes(attributes, [...input.taken, ...output.taken]);
  return bounded({ input: input.json, output: output.json, attributes: JSON.stringify(others) });
}
