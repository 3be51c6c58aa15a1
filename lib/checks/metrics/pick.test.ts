import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JsonObject } from "@/lib/core/json-object";
import type { Details } from "@/lib/ingest/signal";
import { LARGEST, MAX_METRICS } from "./metric";
import { pickMetrics, valueAt } from "./pick";

type Said = { source?: string; details?: Details | null; body?: string | null };

const picked = ({ source = "healthchecks", details = null, body = null }: Said, names: string[] | null = null) =>
  pickMetrics(
    { source, details, body: body === null ? null : Buffer.from(body) },
    names === null ? null : names.map((name) => ({ name })),
  );
const byName = (said: Said, names?: string[]) =>
  Object.fromEntries(picked(said, names).map(({ name, value }) => [name, value]));

describe("what a signal offers by itself", () => {
  test("nothing, nearly always", () => {
    expect(picked({})).toEqual([]);
    expect(picked({ details: { message: "12 rows", status_text: "0" } })).toEqual([]);
    expect(picked({ details: { metadata: { rows: 12 } } })).toEqual([]);
    expect(picked({ body: '{"rows": 12, "metrics": {"rows": 12}}' })).toEqual([]);
  });

  test("the metrics it names", () => {
    const metrics = { rows: 120, lag: "-2.5", "": 1, note: "fine", deep: { a: 1 }, list: [1], no: null, huge: 1e300 };
    expect(byName({ details: { metadata: { metrics } } })).toEqual({ rows: 120, lag: -2.5 });
    for (const value of [12, "12", [1, 2], null])
      expect(picked({ details: { metadata: { metrics: value } } })).toEqual([]);
  });

  test("how long it took, in seconds, and the answer time of what Uptime Kuma pushes, in milliseconds", () => {
    expect(byName({ details: { reported_duration_ms: 12_500 } })).toEqual({ duration: 12.5 });
    expect(byName({ source: "uptime-kuma", details: { reported_duration_ms: 35 } })).toEqual({ ping: 35 });
    expect(picked({ details: { reported_duration: "soon" } })).toEqual([]);
    const both = { reported_duration_ms: 12_500, metadata: { metrics: { duration: 3 } } };
    expect(byName({ details: both })).toEqual({ duration: 3 });
  });

  test("at most fifty", () => {
    const metrics = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`m${index}`, index]));
    expect(picked({ details: { metadata: { metrics } } })).toHaveLength(MAX_METRICS);
    // What is asked for comes before what is only offered.
    const asked = picked({ details: { metadata: { metrics } } }, ["m999"]);
    expect(asked[0]).toEqual({ name: "m999", value: 999 });
    expect(asked).toHaveLength(MAX_METRICS);
  });
});

describe("what a check asks for by name", () => {
  test("is found in the metadata, and then in a JSON body", () => {
    const details = { metadata: { rows: 3, text: "12", none: "none" } };
    expect(byName({ details, body: '{"rows": 4, "extra": 5}' }, ["rows", "text", "none", "extra"])).toEqual({
      rows: 3,
      text: 12,
      extra: 5,
    });
  });

  test("may be a measured duration", () => {
    expect(byName({ details: { reported_duration_ms: 1500, metadata: { duration: 9 } } }, ["duration"])).toEqual({
      duration: 1.5,
    });
  });

  test("reaches into objects by its dots", () => {
    const metadata = { db: { rows: { read: 7 } }, "a.b": 1, a: { b: 2, "c.d": 3 }, list: { 0: 1 } };
    const names = ["db.rows.read", "a.b", "a.c.d", "db.rows", "db..rows", ".db", "constructor.length", "list.0"];
    expect(byName({ details: { metadata } }, names)).toEqual({ "db.rows.read": 7, "a.b": 1, "a.c.d": 3, "list.0": 1 });
  });

  test.each(["", "rows=3", "[1]", "3", "null", '{"rows": 1e400}', '{"rows": "many"}', '{"rows": 3', "\0"])(
    "is not found in the body %j",
    (body) => {
      expect(picked({ body }, ["rows"])).toEqual([]);
    },
  );
});

const json = fc.jsonValue({ maxDepth: 4 });
const object = fc.dictionary(fc.oneof(fc.constantFrom("a", "b", "a.b", "metrics", "__proto__"), fc.string()), json);
const names = fc.array(fc.constantFrom("a", "b", "a.b", "a.b.a", "metrics", "__proto__", "constructor"));

test("whatever is sent, each name comes once, with a number that can be kept, and never too many", () => {
  fc.assert(
    fc.property(object, names, json, (metadata, asked, body) => {
      const metrics = picked({ details: { metadata }, body: JSON.stringify(body) }, [...new Set(asked)]);
      expect(new Set(metrics.map(({ name }) => name)).size).toBe(metrics.length);
      expect(metrics.length).toBeLessThanOrEqual(MAX_METRICS);
      expect(metrics.every(({ value }) => Math.abs(value) <= LARGEST)).toBe(true);
    }),
  );
});

test("a path finds what it leads to", () => {
  const keys = fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(keys, fc.integer(), (path, value) => {
      const nested = path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
      expect(valueAt(nested as JsonObject, path.join("."))).toBe(value); // there is at least one key
    }),
  );
});
