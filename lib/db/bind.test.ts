import fc from "fast-check";
import { expect, test } from "vitest";
import { bindMessage } from "./bind";
import { pool } from "./pool";

const text = fc.string({ unit: "grapheme" }).filter((value) => !value.includes("\0"));

test("parameters arrive as they were, whatever they are", async () => {
  const bytes = fc.uint8Array({ maxLength: 300 }).map((value) => Buffer.from(value));
  await fc.assert(
    fc.asyncProperty(
      fc.option(text),
      fc.option(bytes),
      fc.array(text),
      fc.boolean(),
      async (word, raw, words, flag) => {
        const at = new Date("2026-01-31T12:00:00Z");
        const read = await pool().query(
          "SELECT $1::text AS word, $2::bytea AS raw, $3::text[] AS words, $4::bool AS flag, $5::timestamptz AS at, $6::jsonb AS made, $7::text AS none",
          [word, raw, words, flag, at, { made: word }, undefined],
        );
        expect(read.rows).toEqual([{ word, raw, words, flag, at, made: { made: word }, none: null }]);
      },
    ),
    { numRuns: 100 },
  );
});

test("the same statement is sent again by its name alone", async () => {
  const ask = (value: string) =>
    pool().query<{ value: string }>({ name: "test-bind-again", text: "SELECT $1::text AS value", values: [value] });
  const first = await ask("é");
  const second = await ask("\u{1f600}");
  expect([first.rows, second.rows]).toEqual([[{ value: "é" }], [{ value: "\u{1f600}" }]]);
});

test("a message is as long as it says", () => {
  fc.assert(
    fc.property(fc.array(fc.option(text)), (values) => {
      const message = bindMessage({ statement: "ä", values: [...values, Buffer.from("bytes")] });
      expect(message.readInt32BE(1)).toBe(message.length - 1);
      // Two bytes after the last parameter say that there is one format of results, and two that it is text.
      expect(message.subarray(-4)).toEqual(Buffer.from([0, 1, 0, 0]));
    }),
  );
});

test("a value the driver cannot send fails its statement alone", async () => {
  const ring: { ring?: object } = {};
  ring.ring = ring;
  await expect(pool().query("SELECT $1::jsonb", [ring])).rejects.toThrow("circular");
  expect((await pool().query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
});
