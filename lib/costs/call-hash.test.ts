import { expect, test } from "vitest";
import { callHash } from "./call-hash";

const SEARCH = { tool_name: "search", arguments: { query: "prices", page: 1 } };

test("the same name and arguments make the same hash, whatever else is told and in whatever order", () => {
  const hash = callHash(SEARCH);
  expect(hash).toMatch(/^[0-9a-f]{16}$/);
  for (const same of [
    { latency_ms: 5, success: false, arguments: { page: 1, query: "prices" }, tool_name: "search" },
    { tool_name: "search", args: { query: "prices", page: 1 } },
    { name: "search", input: { query: "prices", page: 1 } },
  ])
    expect(callHash(same)).toBe(hash);
});

test("another name or other arguments make another hash", () => {
  const calls = [
    SEARCH,
    { tool_name: "fetch", arguments: { query: "prices", page: 1 } },
    { tool_name: "search", arguments: { query: "prices", page: 2 } },
    { tool_name: "search", arguments: '{"query":"prices","page":1}' },
    { tool_name: "search", arguments: {} },
    { tool_name: "search", arguments: [] },
    { tool_name: "search", arguments: "" },
  ];
  expect(new Set(calls.map(callHash)).size).toBe(calls.length);
});

test.each([
  {},
  { arguments: { query: "prices" } },
  { tool_name: "", arguments: {} },
  { tool_name: 5, arguments: {} },
  { tool_name: "web_search", latency_ms: 250, success: true },
  { tool_name: "web_search", arguments: null },
])("%j cannot be told from others", (call) => {
  expect(callHash(call)).toBeNull();
});
