import { expect, test } from "vitest";
import { compareHref, idIn } from "./compare-address";

test("ids are taken alone and from addresses of pages, nothing else", () => {
  expect(
    ["d4k2", " d4k2\n", "https://x.example/projects/p/instances/d4k2?step=3", "/instances/d4k2/replay"].map(idIn),
  ).toEqual(Array.from({ length: 4 }, () => "d4k2"));
  expect(["", "two words", "../etc", "x".repeat(65), "/instances/%00"].map(idIn)).toEqual(
    Array.from({ length: 5 }, () => null),
  );
});

test("where two are compared, and where the other is chosen", () => {
  expect([compareHref("p", "d1", "d2"), compareHref("p", "d1")]).toEqual([
    "/projects/p/instances/compare?a=d1&b=d2",
    "/projects/p/instances/compare?a=d1",
  ]);
});
