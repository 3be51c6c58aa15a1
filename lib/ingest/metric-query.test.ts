import { expect, test } from "vitest";
import { withMetrics } from "./metric-query";
import type { Details } from "./signal";

const told = (query: string, details: Details | null = null) => withMetrics(details, `/ping/x?${query}`);
const metricsOf = (query: string) => told(query)?.metadata?.["metrics"];

test("an address without metrics says nothing more", () => {
  const details = { message: "hi" };
  expect(told("rid=1", details)).toBe(details);
  expect(told("xmetric=rows:1", details)).toBe(details);
  expect(told("rid=1")).toBeNull();
});

test.each([
  ["metric=rows:120", { rows: 120 }],
  ["metric=rows=120", { rows: 120 }],
  ["metric=rows%3A12.5", { rows: 12.5 }],
  ["metric=count:rows=7&metric=lag:-2", { "count:rows": 7, lag: -2 }],
  ["metric=rows:1&metric=rows:2", { rows: 2 }],
  ["metric=%20rows%20:%201", { rows: 1 }],
  ["metric=a.b:1e3", { "a.b": 1000 }],
  ["metric=__proto__:1", JSON.parse('{"__proto__": 1}')],
  ["metric=a%00:1", { "a\uFFFD": 1 }],
  ["rid=x?metric=rows:1", { rows: 1 }],
])("%s", (query, metrics) => {
  expect(metricsOf(query)).toEqual(metrics);
});

test.each([
  "rows",
  "rows:",
  ":5",
  "=5",
  "rows:NaN",
  "rows:Infinity",
  "rows:1e400",
  "rows:many",
  `${"x".repeat(101)}:1`,
])("%s stays as it came", (text) => {
  expect(told(`metric=${text}`)).toEqual({ metadata: { unread_metrics: [text] } });
});

test("fifty are read of a thousand, and what cannot be read is cut", () => {
  const many = Array.from({ length: 1000 }, (_, index) => `metric=m${index}:${index}`).join("&");
  expect(Object.keys(metricsOf(many) ?? {})).toHaveLength(50);
  expect(told(`metric=${"y".repeat(1000)}`)?.metadata?.["unread_metrics"]).toEqual(["y".repeat(200)]);
});

test("what else was said stays, and what the body names as metrics too", () => {
  const details = { message: "hi", metadata: { host: "a", metrics: { rows: 1, lag: 2 } } };
  expect(told("metric=rows:3", details)).toEqual({
    message: "hi",
    metadata: { host: "a", metrics: { rows: 3, lag: 2 } },
  });
  expect(told("metric=rows:3", { metadata: { metrics: "x" } })).toEqual({ metadata: { metrics: { rows: 3 } } });
});
