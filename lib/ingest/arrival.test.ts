import { expect, test } from "vitest";
import { arrive } from "./arrival";
import type { Headers } from "./dialect";
import { parseSignal } from "./grammar";

const UUID = "123e4567-e89b-12d3-a456-426614174000";

function arrived(query: string, headers: Headers = {}) {
  const target = `/ping/${UUID}${query}`;
  const parsed = parseSignal({ method: "GET", host: "h", target, pingHost: undefined })?.parsed;
  if (parsed === undefined || !("kind" in parsed)) throw new Error("no signal");
  return arrive(parsed, { method: "GET", target, headers, socket: undefined, hops: 0 }, null);
}

test.each([
  ["", null],
  ["?progress=40%25", "40%"],
  ["?rid=1&progress=1&progress=2", "2"],
  ["?rid=x?progress=7", "7"],
  ["?xprogress=7", null],
])("progress is read from any query: %s", (query, progress) => {
  expect(arrived(query).progress).toBe(progress);
});

test.each<[Headers, boolean]>([
  [{}, false],
  [{ "sec-purpose": "prefetch;prerender" }, true],
  [{ purpose: "prefetch" }, true],
  [{ "x-purpose": "preview" }, true],
  [{ "x-moz": "prefetch" }, true],
  [{ purpose: "backup" }, false],
])("a fetch in advance is known by its headers: %j", (headers, isPrefetch) => {
  expect(arrived("", headers).isPrefetch).toBe(isPrefetch);
});
