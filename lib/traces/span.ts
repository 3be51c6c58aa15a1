/** What attributes hold, as JSON could: bytes are base64, and numbers that JSON has not are their names. */
export type Value = string | number | boolean | null | Value[] | { [name: string]: Value };

/** Attributes by name. Names come from elsewhere: they are set by `put`. */
export type Attributes = Record<string, Value>;

export type SpanEvent = { name: string; attributes: Attributes };

/** A span as OTLP tells it. Ids are lower case hexadecimal; times are epoch milliseconds with a fraction, 0 when not told. */
export type Span = {
  traceId: string;
  spanId: string;
  /** Null for the root of its trace. */
  parentSpanId: string | null;
  name: string;
  startMs: number;
  endMs: number;
  attributes: Attributes;
  events: SpanEvent[];
  isError: boolean;
  statusMessage: string;
};

/** Where the spans of a request lie in its bytes, resource by resource, and how many more there are than are looked at. */
export type Located = {
  resources: Attributes[];
  /** Of each span: the number of its resource, its first byte, and the byte after its last. */
  places: [resource: number, start: number, end: number][];
  ignored: number;
};

/** One of the two forms of a request. Both throw `BadBody` for what is no such request, `BadSpan` for a span that cannot be kept. */
export type Format = {
  locate: (bytes: Buffer) => Located;
  read: (bytes: Buffer, start: number, end: number) => Span;
};

/** Spans of one request that are looked at; more are counted as rejected. */
export const MAX_SPANS = 100_000;
/** Bytes of one span, so that none can fill the memory with what it is decoded to. */
const MAX_SPAN_BYTES = 4_000_000;
/** Levels of lists and objects in an attribute; what is deeper becomes null. */
export const MAX_LEVELS = 20;

/** The request as a whole cannot be understood. */
export class BadBody extends Error {}
/** One span cannot be kept; the others can. */
export class BadSpan extends Error {}

/** Sets one of a name that somebody else chose. An object without a prototype would do as well, but is many times slower. */
export function put<T>(attributes: Record<string, T>, name: string, value: T): void {
  if (name === "__proto__") Object.defineProperty(attributes, name, { value, enumerable: true, writable: true });
  else attributes[name] = value;
}

/** A number as JSON can hold it. */
export const told = (value: number): Value => (Number.isFinite(value) ? value : String(value));

/** Throws `BadSpan` unless the span is small enough to be decoded. */
export function requireSmall(start: number, end: number): void {
  if (end - start > MAX_SPAN_BYTES) throw new BadSpan(`a span is larger than ${MAX_SPAN_BYTES} bytes`);
}
