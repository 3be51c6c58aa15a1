import { scanJson } from "@/lib/core/json-scan";
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

/** JSON, and whether a number in it may have more digits than PostgreSQL takes. */
type Json = { text: string; isOdd: boolean };

/** A value as JSON, whose numbers are never odd. */
const written = (value: unknown): Json => ({ text: JSON.stringify(value) ?? "null", isOdd: false });

/** A value as JSON; text that holds a list or an object as JSON goes on as it was told. */
function jsonOf(value: unknown): Json {
  const kind = typeof value === "string" ? scanJson(value, MAX_DEPTH) : "none";
  return typeof value === "string" && kind !== "none" ? { text: value, isOdd: kind === "odd" } : written(value);
}

/** What JSON in a text stands for; any other value is itself. */
const parsed = (value: unknown): unknown =>
  typeof value === "string" && scanJson(value, MAX_DEPTH) !== "none" ? JSON.parse(value) : value;

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

/** As JSON, and what holds it: one attribute, or those whose names begin alike. */
type Content = { json: Json; name: string | null; prefix: string | null };

const NOTHING: Json = { text: "null", isOdd: false };

function contentOf(attributes: Attributes, events: SpanEvent[], side: Side): Content {
  for (const name of side.whole) if (name in attributes) return { json: jsonOf(attributes[name]), name, prefix: null };
  for (const prefix of side.indexed) {
    const value = messagesIn(attributes, prefix);
    if (value !== null) return { json: written(value), name: null, prefix };
  }
  const told = events.filter(({ name }) => name.startsWith("gen_ai.") && side.isEvent(name)).map(messageOf);
  return { json: told.length === 0 ? NOTHING : written(told), name: null, prefix: null };
}

const holds = ({ name, prefix }: Content, one: string): boolean =>
  one === name || (prefix !== null && one.startsWith(prefix));

/** What neither input nor output is. */
function otherAttributes(attributes: Attributes, input: Content, output: Content): Attributes {
  const others: Attributes = {};
  for (const name in attributes) {
    if (!holds(input, name) && !holds(output, name)) put(others, name, attributes[name] ?? null);
  }
  return others;
}

const LEFT_OUT = "…";

/** A part of a payload, as text of its begin where it is too long. */
function cut(json: string): string {
  if (json.length <= MAX_PART) return json;
  const value: unknown = JSON.parse(json);
  return JSON.stringify((typeof value === "string" ? value : json).slice(0, MAX_PART) + LEFT_OUT);
}

/** What may stand for a NUL or half of a surrogate pair. */
const ODD_TEXT = /\\u(?:0000|d)/i;

/** Few texts have an escape that is worth a search. */
const hasOddText = (json: string): boolean => (json.includes("\\u") && ODD_TEXT.test(json)) || !json.isWellFormed();

/** JSON that PostgreSQL can store. */
const storableText = ({ text, isOdd }: Json): string =>
  isOdd || hasOddText(text) ? JSON.stringify(storableValue(JSON.parse(text))) : text;

/** A value as JSON that PostgreSQL can store. */
export const storableJson = (value: object): string => storableText(written(value));

type Payload = { input: Json; output: Json; attributes: Json };

const together = ({ input, output, attributes }: Record<keyof Payload, string>): string =>
  `"input":${input},"output":${output},"attributes":${attributes}`;

function bounded({ input, output, attributes }: Payload): string {
  const isOdd = input.isOdd || output.isOdd;
  const text = together({ input: input.text, output: output.text, attributes: attributes.text });
  if (text.length <= MAX_PAYLOAD) return storableText({ text: `{${text}}`, isOdd });
  const parts = { input: cut(input.text), output: cut(output.text), attributes: cut(attributes.text) };
  const words = `${text.length} characters were told, ${MAX_PAYLOAD} are kept`;
  return storableText({ text: `{${together(parts)},"cut":${JSON.stringify(words)}}`, isOdd });
}

/** What went into a span and came out of it, with its other attributes, as JSON of at most 100,000 characters. */
export function payloadOf({ attributes: own, events }: Pick<Span, "attributes" | "events">): string {
  const details = events.find(({ name }) => name === DETAILS)?.attributes;
  const attributes = details === undefined ? own : { ...own, ...details };
  const input = contentOf(attributes, events, INPUT);
  const output = contentOf(attributes, events, OUTPUT);
  const others = otherAttributes(attributes, input, output);
  return bounded({ input: input.json, output: output.json, attributes: written(others) });
}
