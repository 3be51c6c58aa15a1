import { expect, inject, test } from "vitest";
import { missingMigration } from "@/lib/db/migrate";
import { pool } from "@/lib/db/pool";

test("the migrations and the schema agree", async () => {
  expect(await missingMigration(inject("serverUrl"))).toBe("");
});

test("a test file has a migrated database of its own", async () => {
  const tables = await pool().query("SELECT id FROM system_state");
  expect(tables.rows).toEqual([{ id: 1 }]);
});
