import { afterEach, expect, test } from "vitest";
import { settle } from "@/lib/env";
import { accountSpace, githubApi, isVouched, listProviderNames, verifiedAddress } from "./outside";

const NAMES = ["GITHUB_ID", "GITHUB_SECRET", "GITHUB_URL", "GOOGLE_ID", "GOOGLE_SECRET", "GOOGLE_ISSUER"];
afterEach(() => settle(Object.fromEntries(NAMES.map((name) => [name, ""]))));

const mail = (email: string, marks: { primary?: boolean; verified?: boolean } = {}) => ({
  email,
  primary: marks.primary ?? false,
  verified: marks.verified ?? false,
});

test.each([
  ["https://github.com", "https://api.github.com"],
  ["https://acme.ghe.com", "https://api.acme.ghe.com"],
  ["https://github.example.com", "https://github.example.com/api/v3"],
  ["http://127.0.0.1:8080", "http://127.0.0.1:8080/api/v3"],
  ["https://evilghe.com", "https://evilghe.com/api/v3"],
])("the API of %s is %s", (site, api) => {
  expect(githubApi(site)).toBe(api);
});

test.each([
  [[], null],
  [[mail("a@x.example", { primary: true })], null],
  [[mail("a@x.example", { primary: true }), mail("b@x.example", { verified: true })], "b@x.example"],
  [[mail("b@x.example", { verified: true }), mail("a@x.example", { primary: true, verified: true })], "a@x.example"],
])("of %j GitHub vouches for %s", (emails, address) => {
  expect(verifiedAddress(emails)).toBe(address);
});

test.each([
  [undefined, false],
  [{}, false],
  [{ email_verified: false }, false],
  [{ email_verified: "false" }, false],
  [{ email_verified: true }, true],
])("an issuer that says %j vouches: %s", (profile, vouches) => {
  expect(isVouched("google", profile)).toBe(vouches);
});

test("only what has both its id and its secret is offered, by its name", () => {
  expect(listProviderNames()).toEqual([]);
  settle({ GITHUB_ID: "a", GOOGLE_ID: "b", GOOGLE_SECRET: "c" });
  expect(listProviderNames()).toEqual([{ id: "google", name: "Google" }]);
  settle({ GITHUB_SECRET: "d", GOOGLE_ISSUER: "https://id.example.com/realms/a" });
  expect(listProviderNames()).toEqual([
    { id: "github", name: "GitHub" },
    { id: "google", name: "id.example.com" },
  ]);
});

test("accounts of another site are not those of the same number at the first", () => {
  expect([accountSpace("github"), accountSpace("google")]).toEqual(["github", "google"]);
  settle({ GITHUB_URL: "https://github.com/", GOOGLE_ISSUER: "https://accounts.google.com/" });
  expect([accountSpace("github"), accountSpace("google")]).toEqual(["github", "google"]);
  settle({ GITHUB_URL: "https://github.example.com", GOOGLE_ISSUER: "https://id.example.com/a" });
  expect([accountSpace("github"), accountSpace("google")]).toEqual([
    "github https://github.example.com",
    "google https://id.example.com/a",
  ]);
});
