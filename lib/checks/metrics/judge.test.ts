import { describe, expect, test } from "vitest";
import type { PingKind } from "@/lib/checks/state";
import { judge } from "./judge";

const BOUNDS = [{ name: "rows", min: 1 }, { name: "lag" }];
const told = (rows: unknown) => ({
  source: "healthchecks",
  details: { message: "done", metadata: { metrics: { rows, lag: 3 } } },
  body: null,
});

describe("a number out of bounds", () => {
  test("makes a success a failure that says why", () => {
    const { kind, details, metrics } = judge("success", told(0), BOUNDS);
    expect(kind).toBe("fail");
    expect(details).toEqual({ ...told(0).details, out_of_bounds: [{ name: "rows", min: 1, value: 0 }] });
    expect(metrics).toEqual([
      { name: "rows", value: 0 },
      { name: "lag", value: 3 },
    ]);
  });

  test.each<PingKind>(["start", "fail", "log"])("leaves %s as it is, and keeps the numbers", (kind) => {
    const judged = judge(kind, told(0), BOUNDS);
    expect(judged).toMatchObject({ kind, details: told(0).details });
    expect(judged.details).not.toHaveProperty("out_of_bounds");
    expect(judged.metrics).toHaveLength(2);
  });

  test("is not looked at where the signal is ignored", () => {
    expect(judge("ign", told(0), BOUNDS)).toMatchObject({ kind: "ign", metrics: [] });
  });
});

test.each([[1], ["nothing"], [Number.NaN], [undefined]])("rows of %j leave a success as it is", (rows) => {
  const sent = told(rows);
  const judged = judge("success", sent, BOUNDS);
  expect(judged.kind).toBe("success");
  expect(judged.details).toBe(sent.details);
});

test("a check that asks for nothing lets everything be", () => {
  expect(judge("success", told(-1), null)).toMatchObject({
    kind: "success",
    metrics: [{ name: "rows", value: -1 }, {}],
  });
  expect(judge("success", { source: "healthchecks", details: null, body: Buffer.from("{}") }, null)).toEqual({
    kind: "success",
    metrics: [],
    details: null,
  });
});
