import { expect, test } from "vitest";
import { OwnPrice, OwnPrices, Reprice } from "./price-schema";

const told = { model: "house-1", input_usd_per_mtok: 1, output_usd_per_mtok: 0.000001 };

test("a price tells a model, input and output; caches cost what input does", () => {
  expect(OwnPrice.parse({ ...told, model: " azure/house:v1* " })).toEqual({
    ...told,
    model: "azure/house:v1*",
    cache_read_usd_per_mtok: null,
    cache_write_usd_per_mtok: null,
  });
});

test.each<[string, object, string]>([
  ["no model", { model: "" }, "model"],
  ["a star alone, which would be every model", { model: "*" }, "model"],
  ["a star within a name", { model: "a*b" }, "model"],
  ["a name that cannot be stored", { model: "a\u0000" }, "model"],
  ["a name that no step can have", { model: "m".repeat(201) }, "model"],
  ["less than nothing", { input_usd_per_mtok: -0.1 }, "input_usd_per_mtok"],
  ["a price as text", { output_usd_per_mtok: "1" }, "output_usd_per_mtok"],
  ["more than a million", { output_usd_per_mtok: 1_000_001 }, "output_usd_per_mtok"],
  ["seven decimals", { cache_read_usd_per_mtok: 0.0000001 }, "cache_read_usd_per_mtok"],
])("%s is refused by name", (_what, change, name) => {
  const { error } = OwnPrice.safeParse({ ...told, ...change });
  expect(error?.issues.map(({ path }) => path[0])).toEqual([name]);
});

test("what has no meaning is refused", () => {
  expect(OwnPrice.safeParse({ ...told, cache_read: 1 }).success).toBe(false);
  expect(Reprice.safeParse({ model: "m" }).success).toBe(false);
  expect(Reprice.parse({})).toEqual({ model_id: null });
});

test("a project has each model once, and no more than 200", () => {
  const price = (model: string) => OwnPrice.parse({ ...told, model });
  expect(OwnPrices.safeParse([price("a"), price("a*"), price("a")]).error?.issues[0]?.path).toEqual([2, "model"]);
  const many = Array.from({ length: 201 }, (_, index) => price(`m${index}`));
  expect([OwnPrices.safeParse(many).success, OwnPrices.safeParse(many.slice(1)).success]).toEqual([false, true]);
});
