import { expect, test } from "vitest";
import { visible } from "./visible";

test("what turns the direction of a text, or hides in it, is written out", () => {
  expect(visible("pay \u202e00.1$\u202c to Bob")).toBe("pay [U+202E]00.1$[U+202C] to Bob");
  expect(visible("a\u200bb\ufeff\u{e0061}")).toBe("a[U+200B]b[U+FEFF][U+E0061]");
  expect(visible("\u2066a\u2069\u202a\u202b\u202d")).toBe("[U+2066]a[U+2069][U+202A][U+202B][U+202D]");
});

test("all other text stays as it is", () => {
  const texts = ["", "Publish\n\tit", "النسخ الاحتياطي", "שלום", "夜間 🚀 👩‍💻", "<b>&amp;</b>"];
  expect(texts.map(visible)).toEqual(texts);
});
