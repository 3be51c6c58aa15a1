import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { splitTarget } from "../dialect";
import { healthchecks } from "./healthchecks";

const U = "5bf66975-d4c7-4bf5-bcc8-b8d8a82ea278";
const K = "fqOOd6-F4MMNuCEnzTU01w";
const RID = "123e4567-e89b-12d3-a456-426614174000";
const parse = (target: string, more: { method?: string; host?: string; pingHost?: string } = {}) =>
  healthchecks.parse({ method: "GET", host: "localhost:3000", pingHost: undefined, ...more, target });

const uuid = (kind: string, exitStatus: number | null = null) => ({
  target: { by: "uuid", uuid: U },
  kind,
  exitStatus,
  refusal: null,
});
const slug = (kind: string, exitStatus: number | null = null) => ({
  target: { by: "slug", pingKey: K, slug: "db-backup_1", create: false },
  kind,
  exitStatus,
  refusal: null,
});
const NOT_FOUND = { status: 404, text: "not found" };
const BAD_URL = { status: 400, text: "invalid url format" };

describe("addresses", () => {
  test.each([
    [`/ping/${U}`, uuid("success")],
    [`/ping/${U}/`, uuid("success")],
    [`/${U}`, uuid("success")],
    [`/${U}/start`, uuid("start")],
    [`/ping/${U}/start`, uuid("start")],
    [`/ping/${U}/start/`, uuid("start")],
    [`/ping/${U}/fail`, uuid("fail")],
    [`/ping/${U}/log`, uuid("log")],
    [`/ping/${U}/0`, uuid("success", 0)],
    [`/ping/${U}/00`, uuid("success", 0)],
    [`/ping/${U}/7`, uuid("fail", 7)],
    [`/ping/${U}/007`, uuid("fail", 7)],
    [`/ping/${U}/255`, uuid("fail", 255)],
    [`/ping/${U}/256`, { ...uuid("fail", 256), refusal: "invalid url format" }],
    [`/ping/${K}/db-backup_1`, slug("success")],
    [`/ping/${K}/db-backup_1/`, slug("success")],
    [`/ping/${K}/db-backup_1/start`, slug("start")],
    [`/ping/${K}/db-backup_1/12`, slug("fail", 12)],
    [`/ping/${K}/Db`, BAD_URL],
    [`/ping/${K}/a.b`, BAD_URL],
    [`/ping/${K}/a%20b`, BAD_URL],
    [`/ping/${K}/${"a".repeat(100)}`, { kind: "success" }],
    [`/ping/${K}/${"a".repeat(101)}`, BAD_URL],
    [`/ping/${U}/START`, BAD_URL],
    [`/ping/${U}/1.5`, BAD_URL],
    [`/ping/${U}/-1`, { target: { by: "slug", pingKey: U, slug: "-1" } }],
    [`/ping/${U}/banana`, { target: { by: "slug", pingKey: U, slug: "banana" } }],
    [`/ping/${U.toUpperCase()}`, NOT_FOUND],
    [`/ping/${U.toUpperCase()}/fail`, { target: { by: "slug", slug: "fail" } }],
    [`/ping/${U.replaceAll("-", "")}`, NOT_FOUND],
    [`/ping/${K}/db/START`, NOT_FOUND],
    [`/ping/${K}/db/start/more`, NOT_FOUND],
    [`/ping/${U}//`, NOT_FOUND],
    ["/ping", NOT_FOUND],
    ["/ping/", NOT_FOUND],
    ["/", null],
    ["/api/health", null],
    [`/${U.toUpperCase()}`, null],
    [`/${K}/db-backup`, null],
    ["/pingpong/x", null],
    ["*", null],
    ["", null],
  ])("%s", (target, expected) => {
    if (expected === null) expect(parse(target)).toBeNull();
    else expect(parse(target)).toMatchObject(expected);
  });

  test("on the ping host every address is a ping address, with or without a port", () => {
    const pingHost = "hc.example.org";
    for (const host of ["hc.example.org", "hc.example.org:8443"]) {
      expect(parse(`/${K}/db-backup_1/fail`, { host, pingHost })).toMatchObject(slug("fail"));
      expect(parse(`/${U}`, { host, pingHost })).toMatchObject(uuid("success"));
      expect(parse(`/ping/${U}/log`, { host, pingHost })).toMatchObject(uuid("log"));
      expect(parse("/", { host, pingHost })).toEqual(NOT_FOUND);
      expect(parse("/api/health", { host, pingHost })).toMatchObject({ target: { by: "slug", pingKey: "api" } });
    }
    expect(parse(`/${K}/db-backup_1`, { host: "hc.example.org:1", pingHost: "hc.example.org:8443" })).toBeNull();
  });
});

describe("methods", () => {
  test.each(["GET", "HEAD", "POST"])("%s counts", (method) => {
    expect(parse(`/ping/${U}`, { method })).toMatchObject(uuid("success"));
  });
  test("OPTIONS is answered and counts nothing", () => {
    expect(parse(`/ping/${U}`, { method: "OPTIONS" })).toMatchObject({ status: 204 });
  });
  test.each(["PUT", "PATCH", "DELETE", "TRACE", "BREW"])("%s is not allowed", (method) => {
    expect(parse(`/ping/${U}`, { method })).toMatchObject({ status: 405 });
  });
});

describe("query", () => {
  test.each([
    [`?rid=${RID}`, { rid: RID, refusal: null }],
    [`?rid=${RID.toUpperCase()}`, { rid: RID, refusal: null }],
    [`?rid=x&rid=${RID}`, { rid: RID, refusal: null }],
    ["?rid=12345", { refusal: "invalid uuid format" }],
    ["?rid=", { refusal: "invalid uuid format" }],
    [`?rid=${RID}0`, { refusal: "invalid uuid format" }],
    [`?rid=${RID}%0A`, { refusal: "invalid uuid format" }],
    ["?rid=%00", { refusal: "invalid uuid format" }],
    ["?rid=%zz", { refusal: "invalid uuid format" }],
    ["?other=1&%zz", { rid: null, refusal: null }],
  ])("%s", (query, expected) => {
    expect(parse(`/ping/${U}${query}`)).toMatchObject(expected);
  });

  test.each([
    ["?create=1", true],
    ["?create=0", false],
    ["?create=true", false],
    ["?create=", false],
    ["?create=0&create=1", true],
    ["", false],
  ])("create: %s", (query, create) => {
    expect(parse(`/ping/${K}/db${query}`)).toMatchObject({ target: { create } });
  });

  test("a second ? counts as &", () => {
    expect(parse(`/ping/${K}/db?create=1?rid=${RID}`)).toMatchObject({ rid: RID, target: { create: true } });
    expect(splitTarget("/a?b=1?c=2").query.get("c")).toBe("2");
  });
});

test("whatever is asked, the grammar answers and never throws", () => {
  const piece = fc.oneof(
    fc.constantFrom("ping", U, K, "start", "256", "..", "%00", "%2f", "", "é"),
    fc.string({ maxLength: 12 }),
  );
  const target = fc
    .tuple(fc.array(piece, { maxLength: 6 }), fc.string({ maxLength: 30 }))
    .map(([path, query]) => `/${path.join("/")}?${query}`);
  fc.assert(
    fc.property(fc.oneof(target, fc.string()), fc.string(), (anything, method) => {
      const parsed = parse(anything, { method });
      if (parsed !== null && "status" in parsed) expect([204, 400, 404, 405]).toContain(parsed.status);
      else if (parsed !== null) expect(["GET", "HEAD", "POST"]).toContain(method);
    }),
    { numRuns: 2000 },
  );
});
