import { expect, test } from "vitest";
import { problemWords, waitCode } from "./problem-words";

/** Those that next-auth 4 puts into `?error=`: https://next-auth.js.org/configuration/pages */
const CODES = [
  ["Signin", "OAuthSignin", "OAuthCallback", "OAuthCreateAccount", "EmailCreateAccount", "Callback"],
  ["OAuthAccountNotLinked", "EmailSignin", "CredentialsSignin", "SessionRequired"],
  ["Configuration", "AccessDenied", "Verification", "undefined", ""],
].flat();

test.each(CODES)("%j is said in words, without the code", (code) => {
  expect(problemWords(code)).toMatch(/^[A-Z][^_]+\.$/);
  if (code !== "") expect(problemWords(code)).not.toMatch(new RegExp(`\\b${code}\\b`));
});

test.each(["constructor", "__proto__", "RateLimited:", "RateLimited:1e9", "<script>", "Too many"])(
  "%j, which nobody sends, says no more than that it did not work",
  (code) => {
    expect(problemWords(code)).toBe("Signing in did not work. Try again.");
  },
);

test.each([
  [1, "in a minute"],
  [60, "in a minute"],
  [61, "in 2 minutes"],
  [900, "in 15 minutes"],
])("%d seconds are %s", (seconds, words) => {
  expect(problemWords(waitCode(seconds))).toBe(`Too many attempts. Try again ${words}.`);
});
