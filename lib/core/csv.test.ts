import { expect, test } from "vitest";
import { csvCell } from "./csv";

test.each([
  [null, ""],
  ["plain", "plain"],
  ["a,b", '"a,b"'],
  ['say "hi"', '"say ""hi"""'],
  ["two\r\nlines", '"two\r\nlines"'],
  ["=1+1", "'=1+1"],
  ["+49", "'+49"],
  ["-rf", "'-rf"],
  ["@SUM(A1)", "'@SUM(A1)"],
  ["\tx", "'\tx"],
  ["\rx", '"\'\rx"'],
  ['=HYPERLINK("http://x","y")', '"\'=HYPERLINK(""http://x"",""y"")"'],
  ["a=b", "a=b"],
  ['{"rows":3}', '"{""rows"":3}"'],
])("a cell of %j is %j", (value, text) => expect(csvCell(value)).toBe(text));
