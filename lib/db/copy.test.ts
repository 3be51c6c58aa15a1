import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import type { PoolClient } from "pg";
import { expect, test } from "vitest";
import { type CopyTable, copyRows } from "./copy";
import { pool } from "./pool";

type Row = {
  word: string | null;
  json: string | null;
  flag: boolean;
  small: number;
  large: number | null;
  atMs: number;
  id: string;
  words: string[] | null;
};

const TABLE: CopyTable<Row> = {
  name: "copied",
  columns: [
    ["word", (writer, { word }) => writer.text(word)],
    ["json", (writer, { json }) => writer.jsonb(json)],
    ["flag", (writer, { flag }) => writer.bool(flag)],
    ["small", (writer, { small }) => writer.int4(small)],
    ["large", (writer, { large }) => writer.int8(large)],
    ["at", (writer, { atMs }) => writer.timestamptz(atMs)],
    ["id", (writer, { id }) => writer.uuid(id)],
    ["words", (writer, { words }) => writer.textArray(words)],
  ],
};
const PLAIN: Row = {
  word: "a",
  json: null,
  flag: true,
  small: 0,
  large: null,
  atMs: 0,
  id: "00000000-0000-4000-8000-000000000001",
  words: null,
};

/** Runs `work` in a transaction that is taken back, with a table to copy into. */
async function within<T>(work: (tx: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool().connect();
  try {
    await client.query("BEGIN");
    await client.query(
      `CREATE TEMP TABLE copied (n serial, word text UNIQUE, json jsonb, flag bool, small int, large bigint, at timestamptz, id uuid,
                                 words text[]) ON COMMIT DROP`,
    );
    return await work(client);
  } finally {
    await client.query("ROLLBACK");
    client.release();
  }
}

const copy = (tx: PoolClient, rows: Row[]): Promise<void> => copyRows(tx, TABLE, rows);

async function stored(tx: PoolClient): Promise<Row[]> {
  const { rows } = await tx.query<Row>(
    `SELECT word, json::text AS json, flag, small, large, (extract(epoch FROM at) * 1000)::float8 AS "atMs", id::text AS id, words
       FROM copied ORDER BY n`,
  );
  return rows;
}

const text = fc.string({ unit: "grapheme", maxLength: 60 }).filter((value) => !value.includes("\0"));
const row: fc.Arbitrary<Row> = fc.record({
  // Alike ones are refused.
  word: fc.option(fc.tuple(fc.uuid(), text).map((parts) => parts.join(""))),
  json: fc.option(fc.constantFrom("{}", '{"a": ["ä", null, 1.5]}', '"\u{1f600}"', "[]", "7")),
  flag: fc.boolean(),
  small: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  large: fc.option(fc.integer({ min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER })),
  atMs: fc.integer({ min: Date.UTC(1990, 0), max: Date.UTC(2090, 0) }),
  id: fc.uuid(),
  words: fc.option(fc.array(text)),
});

test("rows come out as they went in, in order, whatever is in them", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(row, { maxLength: 40 }), async (rows) => {
      await within(async (tx) => {
        await copy(tx, rows);
        expect(await stored(tx)).toEqual(rows);
      });
    }),
    { numRuns: 60 },
  );
});

test("also those that fill many messages, or do not fit into one", async () => {
  const sizes = [1, 39, 40, 41, 8191, 8192, 8193, 21_840, 65_500, 65_536, 200_000, 3];
  const rows = sizes.flatMap((size, index): Row[] =>
    ["x", "é", "\u{1f600}"].map((letter) => {
      return {
        ...PLAIN,
        word: `${index}${letter}`,
        json: JSON.stringify(letter.repeat(size)),
        words: [letter.repeat(size), ""],
      };
    }),
  );
  await within(async (tx) => {
    await copy(tx, rows);
    const found = await stored(tx);
    // Not compared as they are: what would be printed of a difference is megabytes.
    expect(found.map((one, index) => isDeepStrictEqual(one, rows[index]))).toEqual(rows.map(() => true));
  });
});

test("times are kept to the microsecond", async () => {
  const times = ["1999-12-31T23:59:59.999999Z", "2026-01-31T12:00:00.123457Z", "2000-01-01T00:00:00Z"];
  const atMs = [Date.UTC(1999, 11, 31, 23, 59, 59) + 999.999, Date.UTC(2026, 0, 31, 12) + 123.457, Date.UTC(2000, 0)];
  await within(async (tx) => {
    await copy(
      tx,
      atMs.map((at, index) => ({ ...PLAIN, word: String(index), atMs: at })),
    );
    const { rows } = await tx.query(
      "SELECT count(*)::int AS n FROM copied JOIN unnest($1::timestamptz[]) AS t ON t = at",
      [times],
    );
    expect(rows).toEqual([{ n: times.length }]);
  });
});

test("many at once do not write into each other's messages", async () => {
  const ours = (who: number) =>
    Array.from({ length: 300 }, (_, index) => ({ ...PLAIN, word: `${who}/${index}/${"ab".repeat(500)}` }));
  await Promise.all(
    [1, 2, 3, 4].map((who) =>
      within(async (tx) => {
        for (const round of [1, 2, 3, 4, 5]) {
          await copy(tx, ours(who * 10 + round));
          expect((await stored(tx)).slice(-300).map(({ word }) => word)).toEqual(
            ours(who * 10 + round).map(({ word }) => word),
          );
        }
      }),
    ),
  );
});

test.each<[string, Row[], string]>([
  ["a key that is there already", [PLAIN, ...Array.from({ length: 2000 }, () => PLAIN)], "23505"],
  ["text that cannot be stored", [{ ...PLAIN, word: "a\0b" }], "22021"],
  ["JSON that cannot be stored", [{ ...PLAIN, json: '"\\u0000"' }], "22P05"],
  ["what is no JSON", [{ ...PLAIN, json: "{" }], "22P02"],
])("%s fails the statement, and the connection goes on", async (_name, rows, code) => {
  await within(async (tx) => {
    await tx.query("SAVEPOINT before");
    // All three are on their way before the first is refused.
    const under = [copy(tx, rows), copy(tx, [PLAIN]), tx.query("SELECT 1")];
    const settled = await Promise.allSettled(under);
    expect(settled.map((one) => one.status === "rejected" && one.reason.code)).toEqual([code, "25P02", "25P02"]);
    await expect(copy(tx, [PLAIN])).rejects.toMatchObject({ code: "25P02" });
    await tx.query("ROLLBACK TO before");
    await copy(tx, [PLAIN]);
    expect(await stored(tx)).toEqual([PLAIN]);
  });
});

test.each<[string, Partial<Row>]>([
  ["too large", { small: 2 ** 31 }],
  ["no whole number", { small: 1.5 }],
  ["larger than doubles can tell apart", { large: 2 ** 53 }],
  ["no number", { large: Number.NaN }],
  ["no moment", { atMs: Number.NaN }],
])("a value that is %s is not sent", async (_what, wrong) => {
  await within(async (tx) => {
    await expect(copy(tx, [PLAIN, { ...PLAIN, ...wrong }])).rejects.toThrow(RangeError);
    await copy(tx, []);
    expect(await stored(tx)).toEqual([]);
  });
});

test("a connection that breaks while rows are sent fails them all, and the next one is whole", async () => {
  const client = await pool().connect();
  const broken = new Promise((resolve) => client.once("error", resolve));
  await client.query("BEGIN");
  await client.query(
    "CREATE TEMP TABLE copied (word text, json jsonb, flag bool, small int, large bigint, at timestamptz, id uuid, words text[])",
  );
  const { rows } = await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
  const many = Array.from({ length: 20_000 }, (_, index) => ({ ...PLAIN, word: `${index}`.padEnd(1000, "x") }));
  const under = [copy(client, many), copy(client, many)].map((one) => one.catch((error: Error) => error));
  await pool().query("SELECT pg_terminate_backend($1)", [rows[0]?.pid]);
  expect((await Promise.all(under)).map((one) => one instanceof Error)).toEqual([true, true]);
  await broken;
  client.release(true);
  await within(async (tx) => {
    await copy(tx, [PLAIN]);
    expect(await stored(tx)).toEqual([PLAIN]);
  });
});
