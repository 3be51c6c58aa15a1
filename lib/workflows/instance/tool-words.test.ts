import { expect, test } from "vitest";
import { toolWords } from "./tool-words";

test("tool calls are told with how long they took, and that they failed", () => {
  const calls = [
    { tool_name: "web_search", latency_ms: 250, success: true },
    { tool_name: "sql", latency_ms: 1200.4, success: false },
    { name: "mail" },
    { latency_ms: -1 },
  ];
  expect(toolWords(calls)).toBe("web_search, 250 ms; sql, 1.2 s, failed; mail; unnamed");
});

test("of many the first eight are told, and of none nothing", () => {
  expect(toolWords(Array.from({ length: 1010 }, () => ({ tool_name: "a" })))).toMatch(/^(a; ){8}and 1,002 more$/);
  expect([toolWords(null), toolWords([]), toolWords("search")]).toEqual([null, null, null]);
});
