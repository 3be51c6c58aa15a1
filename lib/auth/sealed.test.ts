import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import { settle } from "@/lib/env";
import { seal, unseal } from "./sealed";

const SECRET = "a-secret-for-tests-only-0123456789";
afterEach(() => settle({ AUTH_SECRET: SECRET }));

test("gives back any JSON", () => {
  fc.assert(
    fc.property(fc.json(), fc.string(), (json, place) => {
      const value: unknown = JSON.parse(json);
      expect(unseal(seal(value, place), place)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test("hides the text and never repeats itself", () => {
  const sealed = seal({ secret: "whsec_visible" }, "a");
  expect(Buffer.from(sealed).toString("latin1")).not.toContain("visible");
  expect(seal({ secret: "whsec_visible" }, "a")).not.toEqual(sealed);
});

test("a change of any byte is noticed", () => {
  const sealed = seal({ url: "https://example.com" }, "a");
  for (let index = 0; index < sealed.length; index++) {
    const changed = Uint8Array.from(sealed, (byte, at) => (at === index ? byte ^ 1 : byte));
    expect(() => unseal(changed, "a")).toThrow();
  }
});

test.each([0, 1, 12, 28])("%d bytes are not a sealed value", (length) => {
  expect(() => unseal(seal({}, "a").slice(0, length), "a")).toThrow();
});

test("it opens only in its place and under its secret", () => {
  const sealed = seal({}, "channel/1");
  expect(() => unseal(sealed, "channel/2")).toThrow();
  settle({ AUTH_SECRET: "another-secret-of-at-least-32-bytes!" });
  expect(() => unseal(sealed, "channel/1")).toThrow();
});
