import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startEmbedded } from "@/lib/db/embedded";
import { missingMigration } from "@/lib/db/migrate";
import { MIGRATIONS_DIR } from "@/lib/db/schema-engine";

// npm run db:migration <name>: writes what the schema has and the migrations lack as a new migration.
const [name] = process.argv.slice(2);
if (name === undefined || !/^[a-z0-9_]+$/.test(name)) throw new Error("usage: npm run db:migration <snake_case_name>");
const scratch = join(".test", `migration-${process.pid}`);
const server = await startEmbedded(scratch);
try {
  const sql = await missingMigration(server.url);
  if (sql === "") {
    process.stdout.write("The migrations already match the schema.\n");
  } else {
    const stamp = new Date().toISOString().replace(/\D/g, "").slice(0, 14);
    const folder = join(MIGRATIONS_DIR, `${stamp}_${name}`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "migration.sql"), sql);
    process.stdout.write(`${join(folder, "migration.sql")}\n`);
  }
} finally {
  await server.stop();
  rmSync(scratch, { recursive: true, force: true });
}
