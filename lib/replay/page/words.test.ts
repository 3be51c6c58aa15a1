import { expect, test } from "vitest";
import { usdWords } from "@/lib/core/money";
import { costWords, tokenWords } from "./words";

const sums = { costMicros: 45_001, inputTokens: 15_200, outputTokens: 830, priced: 2, unpriced: 0 };

test("money is exact, and has cents", () => {
  expect([0, 1.5, 0.045001, 1234.5].map(usdWords)).toEqual(["$0.00", "$1.50", "$0.045001", "$1,234.50"]);
});

test("a cost that is not known is no 0", () => {
  expect(costWords(sums)).toBe("$0.045001");
  expect(costWords({ ...sums, unpriced: 1200 })).toBe("$0.045001, 1,200 without a price");
  expect(costWords({ ...sums, costMicros: 0, priced: 0 })).toBe("not known");
  expect(costWords({ ...sums, costMicros: 0 })).toBe("$0.00");
  expect(costWords(null)).toBe("…");
});

test("tokens are told by direction", () => {
  expect([tokenWords(sums), tokenWords(null)]).toEqual(["15,200 in, 830 out", "…"]);
});
