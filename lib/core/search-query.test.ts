import { expect, test } from "vitest";
import { z } from "zod";
import { invalid } from "./errors";
import { listFrom, readSearch } from "./search-query";

const Schema = z.object({ status: z.enum(["open", "done"]).optional(), limit: z.coerce.number().max(100).default(50) });

test.each([
  [{}, { limit: 50 }],
  [
    { status: "open", limit: "10" },
    { status: "open", limit: 10 },
  ],
  [{ status: ["done", "open"] }, { status: "done", limit: 50 }],
  [{ status: "nonsense", limit: "10", other: "x" }, { limit: 10 }],
  [{ status: "nonsense", limit: "1000" }, { limit: 50 }],
])("%j is read as %j", async (given, expected) => {
  expect(await readSearch(Schema, Promise.resolve(given))).toEqual(expected);
});

test("a list begins anew at a cursor that is not its own, and other refusals stay refusals", async () => {
  const list = async ({ cursor }: { cursor?: string | undefined }) => {
    if (cursor !== undefined) throw invalid(cursor, "is wrong");
    return "beginning";
  };
  expect(await listFrom(list, { cursor: "cursor" })).toBe("beginning");
  await expect(listFrom(list, { cursor: "status" })).rejects.toMatchObject({ code: "invalid_input" });
});
