import { expect, test } from "vitest";
import { filterQuery, isFiltered, readFilter } from "./filter";

test("an address says which checks are shown", () => {
  const filter = readFilter({ q: " backup ", status: "late", tag: ["prod", "db"], cursor: "abc" });
  expect(filter).toEqual({ q: "backup", status: "late", tag: "prod", cursor: "abc" });
  expect(filterQuery(filter)).toBe("?q=backup&status=late&tag=prod&cursor=abc");
  expect(isFiltered(filter)).toBe(true);
});

test("what makes no sense filters nothing", () => {
  const filter = readFilter({ q: "\0", status: "broken", cursor: "" });
  expect(filter).toEqual({ q: "", status: null, tag: "", cursor: undefined });
  expect([filterQuery(filter), isFiltered(filter)]).toEqual(["", false]);
});
