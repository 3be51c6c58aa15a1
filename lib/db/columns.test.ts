import fc from "fast-check";
import { expect, test } from "vitest";
import { jsonbArray, plainArray, textArray } from "./columns";
import { pool } from "./pool";

test("what goes in as a literal comes out as it was", async () => {
  const number = fc.option(fc.integer());
  const word = fc.option(fc.oneof(fc.uuid(), fc.constantFrom("up", "127.0.0.1", "2001:db8::1", "healthchecks")));
  await fc.assert(
    fc.asyncProperty(fc.array(number), fc.array(word), fc.array(fc.boolean()), async (numbers, words, flags) => {
      const read = await pool().query("SELECT $1::int[] AS numbers, $2::text[] AS words, $3::bool[] AS flags", [
        plainArray(numbers),
        plainArray(words),
        plainArray(flags),
      ]);
      expect(read.rows).toEqual([{ numbers, words, flags }]);
    }),
    { numRuns: 50 },
  );
});

test("text of users comes out as it was, whatever is in it", async () => {
  const text = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.constantFrom("null", "NULL", "", " ", "{}", '"', "\\", '\\"', '{"a": "b\\n"}', "a,b"),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.option(text.filter((value) => !value.includes("\0")))), async (texts) => {
      const read = await pool().query("SELECT $1::text[] AS texts", [textArray(texts)]);
      expect(read.rows).toEqual([{ texts }]);
    }),
    { numRuns: 100 },
  );
});

test("JSON comes out as it was, also where there is none", async () => {
  const json = fc.jsonValue().map((value) => JSON.stringify(value));
  const storable = json.filter((text) => !text.includes("\\u0000") && text.isWellFormed());
  await fc.assert(
    fc.asyncProperty(fc.array(fc.option(storable)), async (texts) => {
      const { rows } = await pool().query<{ text: string | null }>(
        "SELECT value::text AS text FROM unnest($1::jsonb[]) AS a (value)",
        [jsonbArray(texts)],
      );
      const known = (text: string | null) => (text === null ? null : JSON.parse(text));
      expect(rows.map(({ text }) => known(text))).toEqual(texts.map(known));
    }),
    { numRuns: 100 },
  );
});
