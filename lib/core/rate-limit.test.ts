import { expect, test } from "vitest";
import { createLimiter } from "./rate-limit";

test("counts by key and tells what is left, when it starts anew, and when to come again", async () => {
  const limit = createLimiter({ name: "api", requests: 3, windowSeconds: 60 });
  const rates = [];
  for (let i = 0; i < 4; i++) rates.push(await limit("a"));
  expect(rates.map((rate) => rate.exceeded)).toEqual([false, false, false, true]);
  expect(rates.map((rate) => rate.used)).toEqual([1, 2, 3, 4]);
  expect(rates.map((rate) => rate.headers["RateLimit"])).toEqual([
    '"api";r=2;t=60',
    '"api";r=1;t=60',
    '"api";r=0;t=60',
    '"api";r=0;t=60',
  ]);
  expect(rates[3]?.headers).toMatchObject({ "RateLimit-Policy": '"api";q=3;w=60', "Retry-After": "60" });
  expect(rates[2]?.headers["Retry-After"]).toBeUndefined();
  expect((await limit("b")).used).toBe(1);
});
