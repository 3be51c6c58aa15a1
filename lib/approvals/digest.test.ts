import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { actionDigest } from "./digest";

test("the digest covers action and args, and nothing else", () => {
  const digest = createHash("sha256").update('{"action":"refund","args":{"cents":8200000,"to":"a"}}').digest("hex");
  expect(actionDigest({ action: "refund", args: { to: "a", cents: 8_200_000 } })).toBe(digest);
  expect(actionDigest({ action: "refund", args: { to: "a", cents: 82_000_000 } })).not.toBe(digest);
  expect(actionDigest({})).toBeNull();
  expect(actionDigest({ args: null })).toBeNull();
  expect(actionDigest({ args: 1 })).toBe(createHash("sha256").update('{"action":null,"args":1}').digest("hex"));
  expect(actionDigest({ action: "x" })).toBe(createHash("sha256").update('{"action":"x","args":null}').digest("hex"));
});
