import { expect, test } from "vitest";
import { randomToken } from "@/lib/core/ids";
import { DAY, MINUTE } from "@/lib/core/time";
import { isNonce, issueNonce } from "./nonce";

const NOW = Date.UTC(2026, 10, 21);
const token = randomToken(43);
const nonce = issueNonce(token, NOW);

test("the mark of a page is good for its link, for a day", () => {
  expect(isNonce(nonce, token, NOW)).toBe(true);
  expect(isNonce(nonce, token, NOW + DAY)).toBe(true);
  expect(isNonce(nonce, token, NOW + DAY + 1)).toBe(false);
  expect(isNonce(issueNonce(token), token)).toBe(true);
});

test("it is good for no other link, and not before it was made", () => {
  expect(isNonce(nonce, randomToken(43), NOW)).toBe(false);
  expect(isNonce(nonce, token, NOW - 5 * MINUTE)).toBe(true);
  expect(isNonce(nonce, token, NOW - 6 * MINUTE)).toBe(false);
});

test("each rendering has its own, and none tells the token", () => {
  expect(issueNonce(token, NOW + 1)).not.toBe(nonce);
  expect(nonce).not.toContain(token);
});

const [issued = "", mac = ""] = nonce.split(".");
const later = (NOW + 1).toString(36);
test.each([
  ["nothing", ""],
  ["no mark of ours", "x"],
  ["a time alone", issued],
  ["a seal alone", `.${mac}`],
  ["one cut short", nonce.slice(0, -1)],
  ["one too long", `${nonce}A`],
  ["another time under the same seal", `${later}.${mac}`],
  ["the same time under no seal", `${issued}.${"A".repeat(43)}`],
  ["a time that is none", `zzzzzzzzzz.${mac}`],
  ["line breaks", `${nonce}\n`],
])("%s is refused", (_what, wrong) => {
  expect(isNonce(wrong, token, NOW)).toBe(false);
});
