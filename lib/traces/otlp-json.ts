import { isObject, type JsonObject } from "@/lib/core/json-object";
import { JsonWalk } from "./json-walk";
import {
  type Attributes,
  BadBody,
  BadSpan,
  type Format,
  type Located,
  MAX_LEVELS,
  MAX_SPANS,
  put,
  requireSmall,
  type SpanEvent,
  told,
  type Value,
} from "./span";

const OTHER_SIGNALS = new Map([
  ["resourceLogs", "logs"],
  ["resourceMetrics", "metrics"],
]);

function parse(bytes: Buffer, start: number, end: number): unknown {
  return JSON.parse(bytes.toString("utf8", start, end));
}

function number(value: unknown): number | null {
  const read = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof read === "number" && !Number.isNaN(read) ? read : null;
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
const valuesOf = (value: unknown): unknown => (isObject(value) ? value["values"] : null);

/** What one member of an AnyValue holds, by its name. */
const READERS = new Map<string, (value: unknown, depth: number) => Value>([
  ["stringValue", textOf],
  ["boolValue", (value) => value === true],
  ["intValue", (value) => number(value) ?? 0],
  // What is no number is NaN, as some write that word.
  ["doubleValue", (value) => told(number(value) ?? Number.NaN)],
  ["bytesValue", textOf],
  ["arrayValue", (value, depth) => listOf(valuesOf(value)).map((one) => anyValue(one, depth + 1))],
  ["kvlistValue", (value, depth) => attributesOf(valuesOf(value), depth + 1)],
]);

/** An AnyValue. What is of no known kind is null. */
function anyValue(any: unknown, depth: number): Value {
  if (!isObject(any) || depth > MAX_LEVELS) return null;
  for (const name in any) {
    const read = any[name] === null ? undefined : READERS.get(name);
    if (read !== undefined) return read(any[name], depth);
  }
  return null;
}

/** A list of key and value. Throws `BadSpan` for an object, which some write by mistake. */
function attributesOf(list: unknown, depth = 0): Attributes {
  const attributes: Attributes = {};
  if (list === undefined || list === null) return attributes;
  if (!Array.isArray(list))
    throw new BadSpan('attributes must be a list such as [{"key":"a","value":{"stringValue":"b"}}]');
  for (const one of list) {
    if (isObject(one) && typeof one["key"] === "string") put(attributes, one["key"], anyValue(one["value"], depth));
  }
  return attributes;
}

const HEX = { traceId: /^[0-9a-f]{32}$/, spanId: /^[0-9a-f]{16}$/, parentSpanId: /^[0-9a-f]{16}$/ };

function idOf(span: JsonObject, name: keyof typeof HEX): string {
  const id = typeof span[name] === "string" ? span[name].toLowerCase() : "";
  if (HEX[name].test(id) && !/^0+$/.test(id)) return id;
  const digits = name === "traceId" ? 32 : 16;
  throw new BadSpan(`${name} must be ${digits} hexadecimal digits that are not all 0`);
}

const NANOS = 1_000_000;
/** The largest number that protobuf could tell. */
const MAX_NANOS = 2 ** 64;

function msOf(span: JsonObject, name: "startTimeUnixNano" | "endTimeUnixNano"): number {
  const nanos = number(span[name]) ?? 0;
  if (nanos >= 0 && nanos < MAX_NANOS) return nanos / NANOS;
  throw new BadSpan(`${name} must be nanoseconds since 1970, from 0 to 2^64 - 1`);
}

function eventOf(event: unknown): SpanEvent {
  if (!isObject(event)) throw new BadSpan("an event must be an object");
  return { name: textOf(event["name"]), attributes: attributesOf(event["attributes"]) };
}

/** Status codes are numbers; some write their names. */
const ERRORS = new Set<unknown>([2, "2", "STATUS_CODE_ERROR"]);

const hasParent = ({ parentSpanId: id }: JsonObject): boolean => typeof id === "string" && !/^0*$/.test(id);

function read(bytes: Buffer, start: number, end: number) {
  requireSmall(start, end);
  const span = parseSpan(bytes, start, end);
  const status = isObject(span["status"]) ? span["status"] : {};
  return {
    traceId: idOf(span, "traceId"),
    spanId: idOf(span, "spanId"),
    parentSpanId: hasParent(span) ? idOf(span, "parentSpanId") : null,
    name: textOf(span["name"]),
    startMs: msOf(span, "startTimeUnixNano"),
    endMs: msOf(span, "endTimeUnixNano"),
    attributes: attributesOf(span["attributes"]),
    events: listOf(span["events"]).map(eventOf),
    isError: ERRORS.has(status["code"]),
    statusMessage: textOf(status["message"]),
  };
}

function parseSpan(bytes: Buffer, start: number, end: number): JsonObject {
  let span: unknown;
  try {
    span = parse(bytes, start, end);
  } catch {
    throw new BadSpan("a span is not valid JSON");
  }
  if (!isObject(span)) throw new BadSpan("a span must be an object");
  return span;
}

function resourceOf(bytes: Buffer, start: number, end: number): Attributes {
  try {
    requireSmall(start, end);
    const resource = parse(bytes, start, end);
    return attributesOf(isObject(resource) ? resource["attributes"] : null);
  } catch (error) {
    const why = error instanceof BadSpan ? `: ${error.message}` : " is not valid JSON";
    throw new BadBody(`A resource${why}.`);
  }
}

function requireList(isList: boolean, name: string): void {
  if (!isList) throw new BadBody(`${name} must be a list of objects.`);
}

/** Goes through a request once, noting where resources and spans are. */
class Walk {
  readonly found: Located = { resources: [], places: [], ignored: 0 };
  readonly #text: JsonWalk;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#text = new JsonWalk(bytes);
  }

  request(): Located {
    const isRequest = this.#text.members((name) => {
      const other = OTHER_SIGNALS.get(name);
      if (other !== undefined) throw new BadBody(`These are ${other}; this address takes traces (resourceSpans).`);
      if (name === "resourceSpans") this.#each(name, () => this.#resourceSpans());
      else this.#text.skip();
    });
    if (!isRequest) throw new BadBody("The body must be an object with resourceSpans.");
    this.#text.end();
    return this.found;
  }

  #each(name: string, visit: () => boolean): void {
    requireList(
      this.#text.elements(() => requireList(visit(), name)),
      name,
    );
  }

  /** The resource may be told after its spans. */
  #resourceSpans(): boolean {
    const { resources } = this.found;
    const number = resources.push({}) - 1;
    return this.#text.members((name) => {
      const start = this.#text.at;
      if (name === "scopeSpans") {
        this.#each(name, () => this.#scopeSpans(number));
        return;
      }
      this.#text.skip();
      if (name === "resource") resources[number] = resourceOf(this.#bytes, start, this.#text.at);
    });
  }

  #scopeSpans(resource: number): boolean {
    return this.#text.members((name) => {
      if (name !== "spans") this.#text.skip();
      else
        requireList(
          this.#text.elements(() => this.#span(resource)),
          name,
        );
    });
  }

  #span(resource: number): void {
    const start = this.#text.at;
    this.#text.skip();
    const { places } = this.found;
    if (places.length < MAX_SPANS) places.push([resource, start, this.#text.at]);
    else this.found.ignored += 1;
  }
}

/** OTLP in JSON (opentelemetry-proto, "JSON Protobuf Encoding"): ids in hexadecimal, 64-bit numbers also as text. */
export const otlpJson: Format = { locate: (bytes) => new Walk(bytes).request(), read };
