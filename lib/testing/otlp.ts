import { randomBytes } from "node:crypto";
import { PbfWriter } from "pbf";

/** What an attribute may hold, before it is encoded. */
export type Plain = string | number | boolean | Plain[] | { [name: string]: Plain };

export type PlainSpan = {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  /** Epoch milliseconds. */
  startMs: number;
  endMs: number;
  attributes?: Record<string, Plain>;
  events?: { name: string; attributes: Record<string, Plain> }[];
  status?: { code: number; message?: string };
};
export type PlainRequest = { resource: Record<string, Plain>; spans: PlainSpan[] }[];

export const newTraceId = (): string => randomBytes(16).toString("hex");
export const newSpanId = (): string => randomBytes(8).toString("hex");

function anyValue(value: Plain): object {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value === "number")
    return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } };
  return { kvlistValue: { values: keyValues(value) } };
}

const keyValues = (attributes: Record<string, Plain> = {}): object[] =>
  Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }));

const nanos = (ms: number): string => `${Math.round(ms * 1000)}000`;

/** A span in OTLP's JSON. */
function jsonSpan({ startMs, endMs, attributes, events = [], ...span }: PlainSpan): object {
  return {
    ...span,
    kind: 1,
    startTimeUnixNano: nanos(startMs),
    endTimeUnixNano: nanos(endMs),
    attributes: keyValues(attributes),
    events: events.map((event) => ({
      timeUnixNano: nanos(endMs),
      name: event.name,
      attributes: keyValues(event.attributes),
    })),
  };
}

/** A request in OTLP's JSON. */
export function jsonRequest(request: PlainRequest): object {
  return {
    resourceSpans: request.map(({ resource, spans }) => ({
      resource: { attributes: keyValues(resource) },
      scopeSpans: [{ scope: { name: "test", version: "1" }, spans: spans.map(jsonSpan) }],
    })),
  };
}

/** The library's own way breaks characters beyond U+FFFF. */
const writeText = (field: number, text: string, pbf: PbfWriter): void =>
  pbf.writeBytesField(field, new Uint8Array(Buffer.from(text)));

function writeValue(value: Plain, pbf: PbfWriter): void {
  if (typeof value === "string") writeText(1, value, pbf);
  else if (typeof value === "boolean") pbf.writeBooleanField(2, value);
  else if (typeof value === "number")
    Number.isSafeInteger(value) ? pbf.writeVarintField(3, value) : pbf.writeDoubleField(4, value);
  else if (Array.isArray(value)) pbf.writeMessage(5, writeList, value);
  else pbf.writeMessage(6, writeAttributes(1), value);
}

function writeList(values: Plain[], pbf: PbfWriter): void {
  for (const value of values) pbf.writeMessage(1, writeValue, value);
}

const writeAttributes =
  (field: number) =>
  (attributes: Record<string, Plain>, pbf: PbfWriter): void => {
    for (const pair of Object.entries(attributes)) pbf.writeMessage(field, writePair, pair);
  };

function writePair([key, value]: [string, Plain], pbf: PbfWriter): void {
  writeText(1, key, pbf);
  pbf.writeMessage(2, writeValue, value);
}

const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "hex"));

function writeTime(field: number, ms: number, pbf: PbfWriter): void {
  pbf.writeTag(field, 1);
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(nanos(ms)));
  pbf.realloc(8);
  pbf.buf.set(bytes, pbf.pos);
  pbf.pos += 8;
}

function writeEvent(event: { name: string; attributes: Record<string, Plain> }, pbf: PbfWriter): void {
  writeText(2, event.name, pbf);
  writeAttributes(3)(event.attributes, pbf);
}

function writeStatus({ code, message = "" }: { code: number; message?: string }, pbf: PbfWriter): void {
  writeText(2, message, pbf);
  pbf.writeVarintField(3, code);
}

function writeSpan(span: PlainSpan, pbf: PbfWriter): void {
  pbf.writeBytesField(1, hex(span.traceId));
  pbf.writeBytesField(2, hex(span.spanId));
  if (span.parentSpanId !== undefined) pbf.writeBytesField(4, hex(span.parentSpanId));
  writeText(5, span.name, pbf);
  pbf.writeVarintField(6, 1);
  writeTime(7, span.startMs, pbf);
  writeTime(8, span.endMs, pbf);
  writeAttributes(9)(span.attributes ?? {}, pbf);
  for (const event of span.events ?? []) pbf.writeMessage(11, writeEvent, event);
  if (span.status !== undefined) pbf.writeMessage(15, writeStatus, span.status);
}

function writeSpans(spans: PlainSpan[], pbf: PbfWriter): void {
  for (const span of spans) pbf.writeMessage(2, writeSpan, span);
}

/** The same request in protobuf. */
export function protobufRequest(request: PlainRequest): Buffer {
  const pbf = new PbfWriter();
  for (const one of request) {
    pbf.writeMessage(
      1,
      ({ resource, spans }, inner) => {
        inner.writeMessage(1, writeAttributes(1), resource);
        inner.writeMessage(2, writeSpans, spans);
      },
      one,
    );
  }
  return Buffer.from(pbf.finish());
}
