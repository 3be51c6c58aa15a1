import { expect, test } from "vitest";
import type { Db } from "@/lib/db/pool";
import { pool } from "@/lib/db/pool";
import { makeProject } from "@/lib/testing/world";
import { forgetOwnPrices, ownPricesOf } from "./own-prices";

const price = (model: string) => ({
  model,
  input_usd_per_mtok: 1,
  output_usd_per_mtok: 1,
  cache_read_usd_per_mtok: null,
  cache_write_usd_per_mtok: null,
});

/** The database, with the number of statements it was sent. */
function counting(): { db: Db; sent: () => number } {
  let sent = 0;
  const db = new Proxy<Db>(pool(), {
    get: (target, name) => {
      sent += 1;
      return Reflect.get(target, name).bind(target);
    },
  });
  return { db, sent: () => sent };
}

const store = (projectId: string, prices: object[]) =>
  pool().query("UPDATE projects SET model_prices = $2 WHERE id = $1", [projectId, JSON.stringify(prices)]);

test("what projects pay is asked for once, whether they have own prices or not, until it is forgotten", async () => {
  const [mine, other] = await Promise.all([makeProject(), makeProject()]);
  await store(mine.id, [price("house-1")]);
  const { db, sent } = counting();
  const prices = await ownPricesOf(db, [mine.id, other.id, mine.id]);
  expect([prices(mine.id)("house-1"), prices(other.id)("house-1")]).toEqual([{ input_mtok: 1, output_mtok: 1 }, null]);
  await store(mine.id, [price("house-2")]);
  for (let again = 0; again < 100; again += 1) await ownPricesOf(db, [other.id, mine.id]);
  expect(sent()).toBe(1);
  forgetOwnPrices(mine.id);
  // A batch that is under way counts with what it has asked for.
  expect(prices(mine.id)("house-1")).not.toBeNull();
  const after = await ownPricesOf(db, [other.id, mine.id]);
  expect([after(mine.id)("house-1"), after(mine.id)("house-2") === null, sent()]).toEqual([null, false, 2]);
});

test("what was read before a change is not remembered after it", async () => {
  const { id } = await makeProject();
  await store(id, [price("house-1")]);
  const reading = ownPricesOf(pool(), [id]);
  forgetOwnPrices(id);
  await reading;
  await store(id, [price("house-2")]);
  expect((await ownPricesOf(pool(), [id]))(id)("house-2")).not.toBeNull();
});

test("nobody is asked for nothing, and a project that is gone pays what the list says", async () => {
  const { db, sent } = counting();
  const none = await ownPricesOf(db, []);
  expect([sent(), none("00000000-0000-0000-0000-000000000001")("house-1")]).toEqual([0, null]);
  const gone = await ownPricesOf(db, ["00000000-0000-0000-0000-000000000001"]);
  expect(gone("00000000-0000-0000-0000-000000000001")("house-1")).toBeNull();
});
