import { expect, test } from "vitest";
import { Memory } from "./memory";

test("keeps the newest, changes what it has in place, and forgets what it is told to", () => {
  const memory = new Memory<number>(2);
  memory.set("a", 1);
  memory.set("b", 2);
  memory.set("a", 3);
  expect(["a", "b"].map((key) => memory.get(key))).toEqual([3, 2]);
  memory.set("c", 4);
  expect(["a", "b", "c"].map((key) => memory.get(key))).toEqual([undefined, 2, 4]);
  memory.delete("b");
  memory.set("d", 5);
  expect(["b", "c", "d"].map((key) => memory.get(key))).toEqual([undefined, 4, 5]);
});
