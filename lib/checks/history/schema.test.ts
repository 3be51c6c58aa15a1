import { describe, expect, test } from "vitest";
import { DAY } from "@/lib/core/time";
import { HistoryExport, HistorySearch, rangeOf, searchParts } from "./schema";

const JANUARY = Date.UTC(2026, 0, 1);

describe("what to export", () => {
  test("is everything as CSV unless said otherwise", () => {
    expect(HistoryExport.parse({})).toEqual({ format: "csv", kinds: [] });
  });

  test("names days, of which the last is within, and moments", () => {
    expect(HistoryExport.parse({ from: "2026-01-01", to: "2026-01-01" })).toMatchObject({
      from: JANUARY,
      to: JANUARY + DAY,
    });
    expect(HistoryExport.parse({ from: "2026-01-01T01:00:00+01:00", to: "2026-01-02T00:00:00Z" })).toMatchObject({
      from: JANUARY,
      to: JANUARY + DAY,
    });
    expect(HistoryExport.parse({ kinds: "fail,success" }).kinds).toEqual(["fail", "success"]);
  });

  test.each([
    ["format", { format: "xml" }],
    ["from", { from: "yesterday" }],
    ["from", { from: "2026-02-30" }],
    ["to", { to: "2026-01-01T08:00" }],
    ["to", { from: "2026-01-02", to: "2026-01-01" }],
    ["kinds", { kinds: "fail,bad" }],
  ])("a wrong %s is refused: %j", (field, query) => {
    expect(HistoryExport.safeParse(query).error?.issues[0]?.path[0]).toBe(field);
  });
});

test("an address means the last 30 days, a named range, or its days", () => {
  const now = JANUARY + 100 * DAY;
  const range = (search: object) => rangeOf(HistorySearch.parse(search), now);
  expect(range({})).toEqual({ from: now - 30 * DAY, to: null });
  expect(range({ range: "day" })).toEqual({ from: now - DAY, to: null });
  expect(range({ range: "all" })).toEqual({ from: null, to: null });
  expect(range({ range: "day", from: "2026-01-01" })).toEqual({ from: JANUARY, to: null });
  expect(range({ to: "2026-01-01" })).toEqual({ from: null, to: JANUARY + DAY });
});

test("an address keeps what it was narrowed to", () => {
  const kept = (search: object) => searchParts(HistorySearch.parse(search));
  expect(kept({})).toEqual({});
  expect(kept({ range: "week" })).toEqual({ range: "week" });
  expect(kept({ range: "week", from: "2026-01-01" })).toEqual({ from: "2026-01-01" });
});
