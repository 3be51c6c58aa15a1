import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { jsonRequest, type Plain, type PlainRequest, type PlainSpan, protobufRequest } from "@/lib/testing/otlp";
import { otlpJson } from "./otlp-json";
import { otlpProtobuf } from "./otlp-protobuf";
import { BadBody, BadSpan, type Format, type Span } from "./span";

const hexId = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((id) => `${Buffer.from(id).toString("hex").slice(0, -1)}1`);

const plain: fc.Arbitrary<Plain> = fc.letrec<{ value: Plain }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.string(),
    fc.string({ unit: "grapheme" }),
    fc.boolean(),
    fc.maxSafeInteger(),
    fc.double(),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.string(), tie("value"), { maxKeys: 3, noNullPrototype: true }),
  ),
})).value;

const attributes = fc.dictionary(fc.string({ unit: "grapheme" }), plain, { maxKeys: 5, noNullPrototype: true });

const span: fc.Arbitrary<PlainSpan> = fc.record(
  {
    traceId: hexId(16),
    spanId: hexId(8),
    parentSpanId: hexId(8),
    name: fc.string({ unit: "grapheme" }),
    startMs: fc.integer({ min: 0, max: 4e12 }),
    endMs: fc.integer({ min: 0, max: 4e12 }),
    attributes,
    events: fc.array(fc.record({ name: fc.string(), attributes }), { maxLength: 2 }),
    status: fc.record({ code: fc.integer({ min: 0, max: 2 }), message: fc.string() }),
  },
  { requiredKeys: ["traceId", "spanId", "name", "startMs", "endMs"] },
);

const request: fc.Arbitrary<PlainRequest> = fc.array(
  fc.record({ resource: attributes, spans: fc.array(span, { maxLength: 4 }) }),
  { maxLength: 3 },
);

/** Everything a request tells. */
function readAll(format: Format, bytes: Buffer) {
  const { resources, places } = format.locate(bytes);
  const spans = places.map(([resource, start, end]): [number, Span] => [resource, format.read(bytes, start, end)]);
  return JSON.parse(JSON.stringify({ resources, spans }));
}

const inJson = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const readOne = (value: unknown): Span => {
  const bytes = inJson({ resourceSpans: [{ scopeSpans: [{ spans: [value] }] }] });
  const [place] = otlpJson.locate(bytes).places;
  if (place === undefined) throw new Error("there is one span");
  return otlpJson.read(bytes, place[1], place[2]);
};

const ids = { traceId: "5b8efff798038103d269b633813fc60c", spanId: "eee19b7ec3c1b174" };

describe("both forms", () => {
  test("tell the same", () => {
    fc.assert(
      fc.property(request, fc.constantFrom(undefined, 1), (asked, space) => {
        const json = Buffer.from(JSON.stringify(jsonRequest(asked), null, space));
        expect(readAll(otlpJson, json)).toEqual(readAll(otlpProtobuf, protobufRequest(asked)));
      }),
    );
  });

  test.each([
    ["json", otlpJson],
    ["protobuf", otlpProtobuf],
  ] as const)("%s: bytes that were damaged throw nothing but our errors", (name, format) => {
    const changes = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 8 });
    fc.assert(
      fc.property(request, changes, fc.nat(), (asked, damage, end) => {
        const bytes = name === "json" ? inJson(jsonRequest(asked)) : protobufRequest(asked);
        for (const [at, byte] of damage) bytes[at % Math.max(1, bytes.length)] = byte;
        const cut = bytes.subarray(0, end % 3 === 0 ? end % Math.max(1, bytes.length) : bytes.length);
        expect(errorOf(() => format.locate(cut))).toSatisfy(isOurs);
        const { places } = located(format, cut);
        for (const [, start, stop] of places) expect(errorOf(() => format.read(cut, start, stop))).toSatisfy(isOurs);
      }),
    );
  });

  test.each([
    ["json", otlpJson],
    ["protobuf", otlpProtobuf],
  ] as const)("%s: random bytes throw nothing but our errors", (_name, format) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        expect(errorOf(() => format.locate(Buffer.from(bytes)))).toSatisfy(isOurs);
        expect(errorOf(() => format.read(Buffer.from(bytes), 0, bytes.length))).toSatisfy(isOurs);
      }),
      { numRuns: 1000 },
    );
  });
});

function errorOf(work: () => unknown): unknown {
  try {
    work();
    return null;
  } catch (error) {
    return error;
  }
}
const isOurs = (error: unknown): boolean => error === null || error instanceof BadBody || error instanceof BadSpan;
function located(format: Format, bytes: Buffer) {
  try {
    return format.locate(bytes);
  } catch {
    return { places: [] };
  }
}

describe("JSON", () => {
  test("ids in any case, numbers as text or not, enumerations as numbers, unknown fields", () => {
    const read = readOne({
      traceId: ids.traceId.toUpperCase(),
      spanId: ids.spanId.toUpperCase(),
      parentSpanId: "",
      name: "a",
      kind: 3,
      startTimeUnixNano: 1544712660000000000,
      endTimeUnixNano: "1544712661500000000",
      attributes: [
        { key: "a", value: { intValue: "12" } },
        { key: "b", value: { intValue: 12 } },
        { key: "c", value: { doubleValue: "NaN" } },
        { key: "d", value: { bytesValue: "AAE=" } },
        { key: "e", value: { surprise: { deep: [1] } } },
        { key: "f" },
        { key: "g", value: { toString: 1, stringValue: "x" } },
      ],
      status: { code: 2, message: "no" },
      surprise: [{ a: "}]" }],
    });
    expect(read).toMatchObject({ ...ids, parentSpanId: null, isError: true, statusMessage: "no" });
    expect([read.startMs, read.endMs]).toEqual([1544712660000, 1544712661500]);
    expect({ ...read.attributes }).toEqual({ a: 12, b: 12, c: "NaN", d: "AAE=", e: null, f: null, g: "x" });
  });

  test.each([
    ["an id of the wrong length", { ...ids, traceId: "abc" }, /traceId must be 32/],
    ["an id in base64", { ...ids, spanId: "7uGbfsPBsXQ=" }, /spanId must be 16/],
    ["an id of zeros", { ...ids, traceId: "0".repeat(32) }, /not all 0/],
    ["no id", { name: "a" }, /traceId/],
    ["attributes as an object", { ...ids, attributes: { a: 1 } }, /attributes must be a list/],
    ["a list", [1], /must be an object/],
    ["a start before time", { ...ids, startTimeUnixNano: -1 }, /startTimeUnixNano must be/],
    ["an end that no clock shows", { ...ids, endTimeUnixNano: "1e300" }, /endTimeUnixNano must be/],
    ["an end without end", { ...ids, endTimeUnixNano: "1e400" }, /endTimeUnixNano must be/],
  ])("a span cannot be kept with %s", (_what, value, why) => {
    const error = errorOf(() => readOne(value));
    expect(error).toBeInstanceOf(BadSpan);
    expect(String(error)).toMatch(why);
  });

  test.each([
    ["nothing", "", /object/],
    ["a list", "[]", /object/],
    ["a word", "null", /object/],
    ["text that breaks off", '{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"a', /valid JSON/],
    ["something after it", '{"resourceSpans":[]} x', /valid JSON/],
    ["a missing comma", '{"resourceSpans":[{} {}]}', /valid JSON/],
    ["logs", '{"resourceLogs":[]}', /These are logs/],
    ["metrics", '{"resourceMetrics":[]}', /These are metrics/],
    ["no list", '{"resourceSpans":{}}', /must be a list/],
    ["words in the list", '{"resourceSpans":[1]}', /list of objects/],
    [
      "attributes of the resource as an object",
      '{"resourceSpans":[{"resource":{"attributes":{"a":1}}}]}',
      /must be a list/,
    ],
  ])("a body is refused that is %s", (_what, text, why) => {
    const error = errorOf(() => otlpJson.locate(Buffer.from(text)));
    expect(error).toBeInstanceOf(BadBody);
    expect(String(error)).toMatch(why);
  });

  test("a resource may stand after its spans, and a mark of the byte order before all", () => {
    const body = { resourceSpans: [{ scopeSpans: [{ spans: [{ ...ids }] }], resource: { attributes: [] } }] };
    expect(otlpJson.locate(Buffer.from(`\uFEFF${JSON.stringify(body)}`)).places).toHaveLength(1);
  });

  test("lists in lists are kept to 20 levels", () => {
    const levels = 50_000;
    const deep = `${'{"arrayValue":{"values":['.repeat(levels)}${"]}}".repeat(levels)}`;
    const span = `{"traceId":"${ids.traceId}","spanId":"${ids.spanId}","attributes":[{"key":"deep","value":${deep}}]}`;
    const read = otlpJson.read(Buffer.from(span), 0, span.length);
    expect(JSON.stringify(read.attributes["deep"])).toBe(`${"[".repeat(21)}null${"]".repeat(21)}`);
  });
});

describe("protobuf", () => {
  test("logs and metrics are told from traces", () => {
    const logs = protobufRequest([{ resource: {}, spans: [{ ...ids, name: "a", startMs: 1, endMs: 2 }] }]);
    const [place] = otlpProtobuf.locate(logs).places;
    // A record of a log begins with a time where a span has an id.
    const bytes = Buffer.from([0x09, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(place).toBeDefined();
    expect(() => otlpProtobuf.read(bytes, 0, bytes.length)).toThrow(/no logs or metrics/);
  });

  test("lists in lists are kept to 20 levels", () => {
    let deep: Plain = "x";
    for (let level = 0; level < 100; level += 1) deep = [deep];
    const bytes = protobufRequest([{ resource: { deep }, spans: [] }]);
    expect(JSON.stringify(otlpProtobuf.locate(bytes).resources[0]?.["deep"])).toBe(
      `${"[".repeat(21)}null${"]".repeat(21)}`,
    );
  });

  test("a message that says it is longer than it is, is refused", () => {
    expect(() => otlpProtobuf.locate(Buffer.from([0x0a, 0x7f, 0x00]))).toThrow(BadBody);
    expect(() =>
      otlpProtobuf.locate(Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1])),
    ).toThrow(BadBody);
  });

  test("no bytes are a request of no spans", () => {
    expect(otlpProtobuf.locate(Buffer.alloc(0))).toEqual({ resources: [], places: [], ignored: 0 });
  });
});
