import { PbfReader } from "pbf";
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
  type Span,
  type SpanEvent,
  told,
  type Value,
} from "./span";

/** Wire types of protobuf: what a field's value looks like. */
const [FIXED64, BYTES] = [1, 2];
/** Reads a field of a message, which ends at `within`, into what is made of it. */
type ReadInto<T> = (pbf: PbfReader, within: number, into: T) => void;
/** Fields of a message by number; what has no reader is stepped over. */
type Fields<T> = Readonly<Record<number, ReadInto<T> | undefined>>;

const broken = (): BadBody => new BadBody("The body is not a valid protobuf message.");

/** Reads a message that ends at `end`. Throws `BadBody` when its fields do not. */
function message<T>(pbf: PbfReader, end: number, { fields, into }: { fields: Fields<T>; into: T }): void {
  for (let field = pbf.nextField(end); field !== 0; field = pbf.nextField(end)) fields[field]?.(pbf, end, into);
  if (pbf.pos !== end) throw broken();
}

/** Where a field of bytes ends, within what it is part of. */
function endOf(pbf: PbfReader, within: number): number {
  if (pbf.type !== BYTES) throw broken();
  const end = pbf.readVarint() + pbf.pos;
  if (!(end <= within)) throw broken();
  return end;
}

/** Bytes of a field in an encoding of text. */
function encoded(pbf: PbfReader, within: number, encoding: "utf8" | "hex" | "base64"): string {
  const end = endOf(pbf, within);
  const text = (pbf.buf as Buffer).toString(encoding, pbf.pos, end); // readers are only made of buffers here
  pbf.pos = end;
  return text;
}

const textOf = (pbf: PbfReader, within: number): string => encoded(pbf, within, "utf8");

function fixed64(pbf: PbfReader): number {
  if (pbf.type !== FIXED64) throw broken();
  return pbf.readFixed64();
}

/** What each kind of AnyValue holds, by the number of its field. */
const VALUES: Readonly<Record<number, (pbf: PbfReader, within: number, depth: number) => Value>> = {
  1: (pbf, within) => textOf(pbf, within),
  2: (pbf) => pbf.readBoolean(),
  3: (pbf) => pbf.readVarint(true),
  4: (pbf) => told(pbf.readDouble()),
  5: (pbf, within, depth) => list(pbf, endOf(pbf, within), depth + 1),
  6: (pbf, within, depth) => keyValues(pbf, endOf(pbf, within), depth + 1),
  7: (pbf, within) => encoded(pbf, within, "base64"),
};

function anyValue(pbf: PbfReader, end: number, depth: number): Value {
  let value: Value = null;
  if (depth > MAX_LEVELS) pbf.pos = end;
  for (let field = pbf.nextField(end); field !== 0; field = pbf.nextField(end)) {
    const read = VALUES[field];
    if (read !== undefined) value = read(pbf, end, depth);
  }
  if (pbf.pos !== end) throw broken();
  return value;
}

function list(pbf: PbfReader, end: number, depth: number): Value[] {
  const into: Value[] = [];
  message(pbf, end, { into, fields: { 1: (_, within) => into.push(anyValue(pbf, endOf(pbf, within), depth)) } });
  return into;
}

function keyValues(pbf: PbfReader, end: number, depth: number): Attributes {
  const into: Attributes = {};
  message(pbf, end, { into, fields: { 1: (_, within) => keyValue(pbf, { end: endOf(pbf, within), depth }, into) } });
  return into;
}

/** One key with its value. Not through `message`: nearly all that is read are these. */
function keyValue(pbf: PbfReader, { end, depth }: { end: number; depth: number }, attributes: Attributes): void {
  let key = "";
  let value: Value = null;
  for (let field = pbf.nextField(end); field !== 0; field = pbf.nextField(end)) {
    if (field === 1) key = textOf(pbf, end);
    else if (field === 2) value = anyValue(pbf, endOf(pbf, end), depth);
  }
  if (pbf.pos !== end) throw broken();
  put(attributes, key, value);
}

/** A field that holds one key with its value. */
const readAttribute: ReadInto<{ attributes: Attributes }> = (pbf, within, { attributes }) =>
  keyValue(pbf, { end: endOf(pbf, within), depth: 0 }, attributes);

const EVENT: Fields<SpanEvent> = {
  2: (pbf, within, event) => {
    event.name = textOf(pbf, within);
  },
  3: readAttribute,
};

const ERROR = 2;

const STATUS: Fields<Span> = {
  2: (pbf, within, span) => {
    span.statusMessage = textOf(pbf, within);
  },
  3: (pbf, _, span) => {
    span.isError = pbf.readVarint() === ERROR;
  },
};

const NANOS = 1_000_000;

const SPAN: Fields<Span> = {
  1: (pbf, within, span) => {
    span.traceId = encoded(pbf, within, "hex");
  },
  2: (pbf, within, span) => {
    span.spanId = encoded(pbf, within, "hex");
  },
  4: (pbf, within, span) => {
    span.parentSpanId = encoded(pbf, within, "hex");
  },
  5: (pbf, within, span) => {
    span.name = textOf(pbf, within);
  },
  7: (pbf, _, span) => {
    span.startMs = fixed64(pbf) / NANOS;
  },
  8: (pbf, _, span) => {
    span.endMs = fixed64(pbf) / NANOS;
  },
  9: readAttribute,
  11: (pbf, within, { events }) => {
    const into: SpanEvent = { name: "", attributes: {} };
    message(pbf, endOf(pbf, within), { fields: EVENT, into });
    events.push(into);
  },
  15: (pbf, within, into) => message(pbf, endOf(pbf, within), { fields: STATUS, into }),
};

type Id = { name: string; bytes: number };
const TRACE_ID: Id = { name: "trace_id", bytes: 16 };
const SPAN_ID: Id = { name: "span_id", bytes: 8 };

function requireId(id: string, { name, bytes }: Id): void {
  if (id.length === bytes * 2 && !/^0+$/.test(id)) return;
  throw new BadSpan(`${name} must be ${bytes} bytes that are not all 0 (is this a trace, and no logs or metrics?)`);
}

function read(bytes: Buffer, start: number, end: number): Span {
  requireSmall(start, end);
  const span: Span = {
    traceId: "",
    spanId: "",
    parentSpanId: null,
    name: "",
    startMs: 0,
    endMs: 0,
    attributes: {},
    events: [],
    isError: false,
    statusMessage: "",
  };
  try {
    message(new PbfReader(bytes.subarray(start, end)), end - start, { fields: SPAN, into: span });
  } catch {
    throw new BadSpan("a span is not a valid protobuf message (is this a trace, and no logs or metrics?)");
  }
  requireId(span.traceId, TRACE_ID);
  requireId(span.spanId, SPAN_ID);
  if (span.parentSpanId !== null && /^0*$/.test(span.parentSpanId)) span.parentSpanId = null;
  if (span.parentSpanId !== null) requireId(span.parentSpanId, { ...SPAN_ID, name: "parent_span_id" });
  return span;
}

const RESOURCE: Fields<{ attributes: Attributes }> = { 1: readAttribute };

type Walk = { found: Located; resource: number };

const SCOPE_SPANS: Fields<Walk> = {
  2: (pbf, within, { found, resource }) => {
    const end = endOf(pbf, within);
    if (found.places.length < MAX_SPANS) found.places.push([resource, pbf.pos, end]);
    else found.ignored += 1;
    pbf.pos = end;
  },
};

const RESOURCE_SPANS: Fields<Walk> = {
  1: (pbf, within, { found, resource }) => {
    const attributes = found.resources[resource] ?? {};
    message(pbf, endOf(pbf, within), { fields: RESOURCE, into: { attributes } });
  },
  2: (pbf, within, into) => message(pbf, endOf(pbf, within), { fields: SCOPE_SPANS, into }),
};

const REQUEST: Fields<Located> = {
  1: (pbf, within, found) => {
    const into = { found, resource: found.resources.push({}) - 1 };
    message(pbf, endOf(pbf, within), { fields: RESOURCE_SPANS, into });
  },
};

function locate(bytes: Buffer): Located {
  try {
    const found: Located = { resources: [], places: [], ignored: 0 };
    message(new PbfReader(bytes), bytes.length, { fields: REQUEST, into: found });
    return found;
  } catch {
    throw broken(); // the library throws errors of its own, for what lies outside of the bytes
  }
}

/** OTLP in protobuf (opentelemetry-proto, `trace/v1/trace.proto`). */
export const otlpProtobuf: Format = { locate, read };
