import { expect, test } from "vitest";
import { ownPath } from "./own-path";

test.each([
  ["/invite/abc", "/invite/abc"],
  ["/projects/1/checks?q=a%20b", "/projects/1/checks?q=a%20b"],
  ["projects", "/projects"],
  ["//evil.example", "/"],
  ["/\\evil.example", "/"],
  ["\\\\evil.example", "/"],
  ["/\t/evil.example", "/"],
  ["/\n/evil.example", "/"],
  ["/.//evil.example", "/"],
  ["/a/..//evil.example", "/"],
  ["https://evil.example/", "/"],
  ["javascript:alert(1)", "/"],
  ["http://", "/"],
  [undefined, "/"],
  [["/a", "/b"], "/"],
])("%j leads to %s", (asked, path) => {
  expect(ownPath(asked)).toBe(path);
});
