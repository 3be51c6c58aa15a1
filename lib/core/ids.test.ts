import { expect, test } from "vitest";
import { randomLower, randomToken } from "./ids";

test.each([
  [randomLower, /^[0-9a-z]*$/, 36],
  [randomToken, /^[0-9A-Za-z]*$/, 62],
])("%o draws every character of its alphabet equally often", (draw, alphabet, size) => {
  const each = 1000;
  const token = draw(each * size);
  expect(token).toHaveLength(each * size);
  expect(token).toMatch(alphabet);
  const counts = new Map<string, number>();
  for (const character of token) counts.set(character, (counts.get(character) ?? 0) + 1);
  expect(counts.size).toBe(size);
  // Eight standard deviations: one run in 10¹³ goes beyond.
  for (const count of counts.values()) expect(Math.abs(count - each)).toBeLessThan(8 * Math.sqrt(each));
});

test("of any length", () => {
  expect([0, 1, 16].map((length) => randomLower(length).length)).toEqual([0, 1, 16]);
});
