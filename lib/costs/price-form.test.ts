import fc from "fast-check";
import { expect, test } from "vitest";
import { progressBy, progressWords, toForm, toPrice } from "./price-form";
import { OwnPrice } from "./price-schema";

test("a price that is only looked at in the form is what it was", () => {
  const amount = fc.integer({ min: 0, max: 1e9 }).map((micros) => micros / 1_000_000);
  const ofCache = fc.option(amount, { nil: null });
  const price = fc.record({
    model: fc.constantFrom("house-1", "azure/a:b*"),
    input_usd_per_mtok: amount,
    output_usd_per_mtok: amount,
    cache_read_usd_per_mtok: ofCache,
    cache_write_usd_per_mtok: ofCache,
  });
  fc.assert(
    fc.property(price, (one) => {
      expect(toPrice(toForm(one))).toEqual(one);
      expect(OwnPrice.safeParse(toPrice(toForm(one))).success).toBe(true);
    }),
  );
});

test("what is missing is no nothing, and what is typed is read", () => {
  expect(toPrice(toForm("house-1"))).toBeNull();
  expect(toPrice({ ...toForm("house-1"), input: 0 })).toBeNull();
  expect(toPrice({ ...toForm("house-1"), input: "x", output: 1 })).toBeNull();
  expect(toPrice({ ...toForm(" house-1 "), input: "0.25", output: 0 })).toEqual({
    model: "house-1",
    input_usd_per_mtok: 0.25,
    output_usd_per_mtok: 0,
    cache_read_usd_per_mtok: null,
    cache_write_usd_per_mtok: null,
  });
});

test("progress adds up, and is asked for until nothing waits or nothing moves", async () => {
  const answer = (repriced_steps: number, remaining_steps: number) => ({ repriced_steps, remaining_steps });
  const told = async (answers: ReturnType<typeof answer>[], first?: ReturnType<typeof answer>) => {
    const words: string[] = [];
    const ask = async () => answers.shift() ?? answer(-1, -1);
    for await (const progress of progressBy(ask, first)) words.push(progressWords(progress));
    return words;
  };
  expect(await told([answer(3000, 40), answer(40, 0)], answer(5000, 3000))).toEqual([
    "5,000 of 8,000 steps priced",
    "8,000 of 8,040 steps priced",
    "8,040 of 8,040 steps priced",
  ]);
  expect(await told([answer(1, 0)])).toEqual(["1 of 1 step priced"]);
  expect(await told([answer(0, 7), answer(7, 0)])).toEqual(["0 of 7 steps priced"]);
});
