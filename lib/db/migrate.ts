import pg from "pg";
import { migrationNames, migrations, schema, withSchemaEngine } from "./schema-engine";

const NO_FILTER = { externalTables: [], externalEnums: [] };

/** Brings the database at `url` to the committed schema; returns the migrations it applied, oldest first. */
export async function migrate(url: string): Promise<string[]> {
  // Loading the engine costs memory and time that an up-to-date database need not pay.
  if (await upToDate(url)) return [];
  return withSchemaEngine(url, async (engine) => {
    const result = await engine.applyMigrations({ migrationsList: migrations(), filters: NO_FILTER });
    return result.appliedMigrationNames;
  });
}

/** Whether every committed migration is in the database. */
export async function upToDate(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  await client.connect();
  try {
    const table = await client.query("SELECT to_regclass('_prisma_migrations') AS name");
    if (table.rows[0]?.name === null) return false;
    const applied = await client.query<{ name: string }>(
      "SELECT migration_name AS name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL",
    );
    const names = new Set(applied.rows.map((row) => row.name));
    return migrationNames().every((name) => names.has(name));
  } finally {
    await client.end();
  }
}

/** The SQL that would turn the committed migrations into the schema; empty when they agree. Uses a shadow database. */
export function missingMigration(url: string): Promise<string> {
  return withSchemaEngine(url, async (engine) => {
    const difference = await engine.diff({
      from: { tag: "migrations", ...migrations() },
      to: { tag: "schemaDatamodel", ...schema() },
      script: true,
      exitCode: true,
      filters: NO_FILTER,
    });
    return difference.exitCode === 0 ? "" : (difference.stdout ?? "");
  });
}
