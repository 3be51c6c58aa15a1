import { expect, test } from "vitest";
import { ListApprovals } from "./schema";
import { ApprovalSearch, historyQuery, inboxQuery, isNarrowed } from "./search";
import { neighbour, successor } from "./selection";

const search = (given: object = {}) => ApprovalSearch.parse(given);

test("the inbox asks for what waits", () => {
  expect(ListApprovals.parse(inboxQuery(search({ status: "denied", q: "x" })))).toEqual({
    status: "pending",
    limit: 25,
  });
});

test("the history asks for everything else, or what of it was chosen", () => {
  expect(ListApprovals.parse(historyQuery(search()))).toEqual({ decided: "yes", limit: 25 });
  expect(ListApprovals.parse(historyQuery(search({ status: "denied", risk: "high", q: " shop " })))).toEqual({
    status: "denied",
    risk: "high",
    q: "shop",
    limit: 25,
  });
  expect(isNarrowed(search())).toBe(false);
  expect([{ status: "denied" }, { risk: "low" }, { q: "x" }].map((given) => isNarrowed(search(given)))).toEqual([
    true,
    true,
    true,
  ]);
});

test("an address with nonsense in it is not understood", () => {
  for (const given of [{ tab: "x" }, { approval: "../x" }, { status: "pending" }, { days: "31" }])
    expect(ApprovalSearch.safeParse(given).success).toBe(false);
});

test("keys go through a list and do not leave it", () => {
  const ids = ["a", "b", "c"];
  expect([
    neighbour(ids, "a", "j"),
    neighbour(ids, "c", "j"),
    neighbour(ids, "b", "k"),
    neighbour(ids, "a", "k"),
  ]).toEqual(["b", "c", "a", "a"]);
  expect([neighbour(ids, null, "j"), neighbour(ids, "gone", "k"), neighbour([], "gone", "j")]).toEqual([
    "a",
    "a",
    null,
  ]);
});

test("what takes the place of one that left", () => {
  const ids = ["a", "b", "c"];
  expect([successor(ids, "a"), successor(ids, "c"), successor(["a"], "a")]).toEqual(["b", "b", null]);
});
