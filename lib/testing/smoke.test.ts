import { expect, test } from "vitest";
import { missingMigration } from "@/lib/db/migrate";
import { inject } from "vitest";
import { findCaller } from "@/lib/auth/api-keys";
import { makeWorld } from "./world";

test("migrations and schema agree", async () => {
  expect(await missingMigration(inject("databaseUrl"))).toBe("");
});
test("world", async () => {
  const { key, project } = await makeWorld();
  expect((await findCaller(key))?.projectId).toBe(project.id);
});
