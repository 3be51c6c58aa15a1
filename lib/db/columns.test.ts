import fc from "fast-check";
import { expect, test } from "vitest";
import { plainArray, textArray } from "./columns";
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
