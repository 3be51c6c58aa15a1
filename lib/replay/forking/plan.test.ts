import { expect, test } from "vitest";
import { planOf, readPatch, spansOf } from "./plan";

const SPANS = spansOf(["1", "2.1", "2.2", "3", "2.1", "4"]);

test("a fork takes along all steps up to the newest of its stage", () => {
  const copied = (from: string | null) => {
    const { steps, isCopied } = planOf(SPANS, from);
    return [steps, ["1", "2.1", "2.2", "3", "4", "9"].filter(isCopied).join(" ")];
  };
  expect(SPANS.get("2.1")).toEqual({ first: 1, last: 4, count: 2 });
  expect(copied("1")).toEqual([1, "1"]);
  expect(copied("2.2")).toEqual([3, "1 2.1 2.2"]);
  expect(copied("2.1")).toEqual([5, "1 2.1 2.2 3"]);
  expect(copied("4")).toEqual([6, "1 2.1 2.2 3 4"]);
  expect(copied(null)).toEqual([0, ""]);
  expect(copied("9")).toEqual([0, ""]);
});

test("a patch is an object of JSON, or it is said why not", () => {
  expect(readPatch(" \n")).toEqual({ is: "empty" });
  expect(readPatch('{"a": null, "__proto__": 1}')).toEqual({
    is: "patch",
    patch: Object.fromEntries([
      ["a", null],
      ["__proto__", 1],
    ]),
  });
  for (const text of ["[1]", "null", "3", '"x"'])
    expect(readPatch(text)).toEqual({
      is: "wrong",
      problem: "Write an object in { }: it names the members that change.",
    });
  expect(readPatch("{a}")).toEqual({
    is: "wrong",
    problem: "Line 1, column 2: a name in double quotes is missing.",
  });
});
