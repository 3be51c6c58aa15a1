import { expect, test } from "vitest";
import { makeWorld } from "@/lib/testing/world";
test("world", async () => { const { key } = await makeWorld(); expect(key).toMatch(/^pt_/); });
