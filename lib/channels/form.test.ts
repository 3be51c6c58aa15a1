import { expect, test } from "vitest";
import { configFrom, headerLines } from "./form";

test("what is typed becomes the config, and what is empty is not named", () => {
  expect(configFrom({ webhook_url: "https://x.example" })).toEqual({ webhook_url: "https://x.example" });
  expect(configFrom({ url: "https://x.example", secret: " ", headers: "" })).toEqual({
    url: "https://x.example",
    headers: {},
  });
});

test("headers are lines, and those taken away are removed", () => {
  const stored = { url: "u", headers: { Authorization: "********", "X-Old": "********" } };
  const text = headerLines(stored.headers);
  expect(text).toBe("Authorization: ********\nX-Old: ********");
  expect(configFrom({ headers: "Authorization: ********\n\n X-New : a:b \nbare" }, stored)).toEqual({
    headers: { Authorization: "********", "X-New": "a:b", bare: "", "X-Old": null },
  });
  expect(headerLines(undefined)).toBe("");
});
