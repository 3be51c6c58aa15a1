import { expect, test } from "vitest";
import { titleOf } from "./present";

test.each([
  ["Deploy\n\nto production", "Deploy"],
  ["  \n Deploy it \r\n now", "Deploy it"],
  ["a\tb\u0007c", "a b c"],
  ["pay \u202e00.1$", "pay [U+202E]00.1$"],
  ["x".repeat(121), `${"x".repeat(119)}…`],
  ["👍".repeat(120), "👍".repeat(120)],
])("the title of %j is its first line", (context, title) => {
  expect(titleOf(context)).toBe(title);
});
