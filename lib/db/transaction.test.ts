import { beforeAll, expect, test } from "vitest";
import { pool } from "./pool";
import { transaction } from "./transaction";

beforeAll(async () => {
  await pool().query("CREATE TABLE IF NOT EXISTS written (id text PRIMARY KEY)");
});

const written = async (id: string): Promise<number | null> =>
  (await pool().query("SELECT FROM written WHERE id = $1", [id])).rowCount;

/** Writes a row among the last statements, with what else is to be sent with it. */
const write = (id: string, other: () => Promise<unknown>): Promise<void> =>
  transaction(async (tx, atEnd) => {
    await tx.query("SELECT 1");
    atEnd(() => Promise.all([tx.query("INSERT INTO written VALUES ($1)", [id]), other()]));
  });

test("the last statements are committed together", async () => {
  await write("all", () => Promise.resolve());
  expect(await written("all")).toBe(1);
});

test("one that the database refuses leaves none", async () => {
  await expect(
    transaction(async (tx, atEnd) => {
      atEnd(() => Promise.all([tx.query("INSERT INTO written VALUES ('half')"), tx.query("SELECT 1/0")]));
    }),
  ).rejects.toThrow("division by zero");
  expect(await written("half")).toBe(0);
});

test("one that cannot even be put together leaves none, however deep it lies", async () => {
  const prepare = async (): Promise<unknown> => {
    throw new RangeError("Invalid string length");
  };
  const inner = async (): Promise<unknown> => Promise.all([prepare()]);
  await expect(write("unmade", () => inner())).rejects.toThrow(RangeError);
  expect(await written("unmade")).toBe(0);
  await expect(
    transaction(async (_tx, atEnd) => {
      atEnd(() => {
        throw new TypeError("at once");
      });
    }),
  ).rejects.toThrow("at once");
  expect((await pool().query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
});
