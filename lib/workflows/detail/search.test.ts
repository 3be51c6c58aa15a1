import { expect, test } from "vitest";
import { readSearch } from "@/lib/core/search-query";
import { instanceQuery, isNarrowed, WorkflowSearch } from "./search";

const read = (search: Record<string, string>) => readSearch(WorkflowSearch, Promise.resolve(search));

test("what an address does not say, or says wrongly, counts as nothing", async () => {
  expect(await read({})).toEqual({ tab: "instances", days: "30" });
  expect(await read({ tab: "nonsense", days: "8", status: "odd", from: "yesterday", q: "x" })).toEqual({
    tab: "instances",
    days: "30",
  });
});

test("the last day is shown whole", async () => {
  const search = await read({ status: "failed", agent: " x ", from: "2026-01-01", to: "2026-01-31" });
  expect(instanceQuery(search)).toMatchObject({
    status: "failed",
    agent: "x",
    from: "2026-01-01",
    to: "2026-02-01T00:00:00.000Z",
  });
  expect(isNarrowed(search)).toBe(true);
});

test("an agent of no letters narrows nothing", async () => {
  const search = await read({ agent: "  " });
  expect(isNarrowed(search)).toBe(false);
  expect(instanceQuery(search).agent).toBeUndefined();
});
