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
/** Fields of a message by number; what has no reader is stepped over. */
type Fields = Readonly<Record<number, ((end: number) => void) | undefined>>;

const broken = (): BadBody => new BadBody("The body is not a valid protobuf message.");

/** Reads a message that ends at `end`. Throws `BadBody` when its fields do not. */
function message(pbf: PbfReader, end: number, fields: Fields): void {
  for (let field = pbf.nextField(end); field !== 0; field = pbf.nextField(end)) fields[field]?.(end);
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
  const values: Value[] = [];
  message(pbf, end, { 1: (within) => values.push(anyValue(pbf, endOf(pbf, within), depth)) });
  return values;
}

function keyValues(pbf: PbfReader, end: number, depth: number): Attributes {
  const attributes: Attributes = {};
  message(pbf, end, { 1: (within) => keyValue(pbf, { end: endOf(pbf, within), depth }, attributes) });
  return attributes;
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

function eventOf(pbf: PbfReader, end: number): SpanEvent {
  const event: SpanEvent = { name: "", attributes: {} };
  message(pbf, end, {
    2: (within) => {
      event.name = textOf(pbf, within);
    },
    3: (within) => keyValue(pbf, { end: endOf(pbf, within), depth: 0 }, event.attributes),
  });
  return event;
}

type Id = { name: string; bytes: number };
const TRACE_ID: Id = { name: "trace_id", bytes: 16 };
const SPAN_ID: Id = { name: "span_id", bytes: 8 };

function requireId(id: string, { name, bytes }: Id): void {
  if (id.length === bytes * 2 && !/^0+$/.test(id)) return;
  throw new BadSpan(`${name} must be ${bytes} bytes that are not all 0 (is this a trace, and no logs or metrics?)`);
}

const NANOS = 1_000_000;
const ERROR = 2;

function readInto(span: Span, pbf: PbfReader, end: number): void {
  const hex = (within: number): string => encoded(pbf, within, "hex");
  message(pbf, end, {
    1: (within) => {
      span.traceId = hex(within);
    },
    2: (within) => {
      span.spanId = hex(within);
    },
    4: (within) => {
      span.parentSpanId = hex(within);
    },
    5: (within) => {
      span.name = textOf(pbf, within);
    },
    7: () => {
      span.startMs = fixed64(pbf) / NANOS;
    },
    8: () => {
      span.endMs = fixed64(pbf) / NANOS;
    },
    9: (within) => keyValue(pbf, { end: endOf(pbf, within), depth: 0 }, span.attributes),
    11: (within) => span.events.push(eventOf(pbf, endOf(pbf, within))),
    15: (within) =>
      message(pbf, endOf(pbf, within), {
        2: (inner) => {
          span.statusMessage = textOf(pbf, inner);
        },
        3: () => {
          span.isError = pbf.readVarint() === ERROR;
        },
      }),
  });
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
    readInto(span, new PbfReader(bytes.subarray(start, end)), end - start);
  } catch {
    throw new BadSpan("a span is not a valid protobuf message (is this a trace, and no logs or metrics?)");
  }
  requireId(span.traceId, TRACE_ID);
  requireId(span.spanId, SPAN_ID);
  if (span.parentSpanId !== null && /^0*$/.test(span.parentSpanId)) span.parentSpanId = null;
  if (span.parentSpanId !== null) requireId(span.parentSpanId, { ...SPAN_ID, name: "parent_span_id" });
  return span;
}

function walk(pbf: PbfReader): Located {
  const found: Located = { resources: [], places: [], ignored: 0 };
  const span = (resource: number, end: number): void => {
    if (found.places.length < MAX_SPANS) found.places.push([resource, pbf.pos, end]);
    else found.ignored += 1;
    pbf.pos = end;
  };
  const resourceSpans = (end: number): void => {
    const number = found.resources.push({}) - 1;
    const attributes = found.resources[number] ?? {};
    message(pbf, end, {
      1: (within) =>
        message(pbf, endOf(pbf, within), {
          1: (inner) => keyValue(pbf, { end: endOf(pbf, inner), depth: 0 }, attributes),
        }),
      2: (within) =>
        message(pbf, endOf(pbf, within), {
          2: (inner) => span(number, endOf(pbf, inner)),
        }),
    });
  };
  message(pbf, pbf.length, { 1: (within) => resourceSpans(endOf(pbf, within)) });
  return found;
}

function locate(bytes: Buffer): Located {
  try {
    return walk(new PbfReader(bytes));
  } catch {
    throw broken(); // the library throws errors of its own, for what lies outside of the bytes
  }
}

/** OTLP in protobuf (opentelemetry-proto, `trace/v1/trace.proto`). */
export const otlpProtobuf: Format = { locate, read };
