import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { PrismaPg } from "@prisma/adapter-pg";
import {
  bindMigrationAwareSqlAdapterFactory,
  ColumnTypeEnum,
  DriverAdapterError,
  type SqlMigrationAwareDriverAdapterFactory,
} from "@prisma/driver-adapter-utils";
import type { MigrationList, SchemaEngine, SchemasContainer } from "@prisma/schema-engine-wasm";
import pg from "pg";

type EngineModule = {
  __wbg_set_wasm: (exports: WebAssembly.Exports) => void;
  SchemaEngine: typeof SchemaEngine;
};

export const MIGRATIONS_DIR = resolve("prisma/migrations");
const SCHEMA_DIR = resolve("prisma/schema");
const IMPORTS = "./schema_engine_bg.js";

/** The Prisma schema, all files of it. */
export function schema(): SchemasContainer {
  const names = readdirSync(SCHEMA_DIR).filter((name) => name.endsWith(".prisma"));
  return { files: names.map((name) => ({ path: name, content: readFileSync(join(SCHEMA_DIR, name), "utf8") })) };
}

/** The names of the committed migrations, oldest first. */
export function migrationNames(): string[] {
  return readdirSync(MIGRATIONS_DIR, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/** The committed migrations as the engine wants them. */
export function migrations(): MigrationList {
  const lockfile = join(MIGRATIONS_DIR, "migration_lock.toml");
  return {
    baseDir: MIGRATIONS_DIR,
    lockfile: { path: "migration_lock.toml", content: existsSync(lockfile) ? readFileSync(lockfile, "utf8") : null },
    shadowDbInitScript: "",
    migrationDirectories: migrationNames().map((name) => ({
      path: name,
      migrationFile: {
        path: "migration.sql",
        content: { tag: "ok", value: readFileSync(join(MIGRATIONS_DIR, name, "migration.sql"), "utf8") },
      },
    })),
  };
}

async function instantiate(): Promise<EngineModule> {
  const require = createRequire(resolve("package.json"));
  const folder = dirname(require.resolve("@prisma/schema-engine-wasm"));
  const engine: EngineModule & WebAssembly.ModuleImports = await import(
    /* turbopackIgnore: true */ pathToFileURL(join(folder, "schema_engine_bg.js")).href
  );
  const binary = readFileSync(join(folder, "schema_engine_bg.wasm"));
  const { instance } = await WebAssembly.instantiate(binary, { [IMPORTS]: engine });
  engine.__wbg_set_wasm(instance.exports);
  const start = instance.exports["__wbindgen_start"];
  if (typeof start === "function") start();
  return engine;
}

type Adapter = Awaited<ReturnType<PrismaPg["connect"]>>;

// PostgreSQL's one-byte "char" (catalogue columns) and its array, as object identifiers in pg_type.
const CHAR = 18;
const CHAR_ARRAY = 1002;

/**
 * Mends the adapter in two places. It refuses catalogue columns of type "char" although the engine wants them: they pass
 * through it as the array type, which no catalogue query of the engine returns, and become `Character` after. And it
 * cuts scripts at every semicolon, also inside the body of a function: a script goes to the server whole instead.
 */
function mended(adapter: Adapter): Adapter {
  const driver = adapter.underlyingDriver();
  const query = driver.query.bind(driver);
  const queryRaw = adapter.queryRaw.bind(adapter);
  const asArray = async (config: pg.QueryArrayConfig) => {
    const result = await query(config);
    for (const field of result.fields ?? []) if (field.dataTypeID === CHAR) field.dataTypeID = CHAR_ARRAY;
    return result;
  };
  Object.assign(driver, { query: asArray });
  return Object.assign(adapter, {
    executeScript: async (script: string) => {
      await query(script).catch(rethrow);
    },
    queryRaw: async (sql: Parameters<typeof queryRaw>[0]) => {
      const result = await queryRaw(sql);
      const columnTypes = result.columnTypes.map((type) =>
        type === ColumnTypeEnum.CharacterArray ? ColumnTypeEnum.Character : type,
      );
      return { ...result, columnTypes };
    },
  });
}

/** In the form in which the engine names what went wrong. */
function rethrow(error: unknown): never {
  if (!(error instanceof pg.DatabaseError)) throw error;
  const { code = "", severity = "ERROR", message, detail, column, hint } = error;
  throw new DriverAdapterError({ kind: "postgres", code, severity, message, detail, column, hint });
}

/** What a connection string says, as fields. */
function fieldsOf(url: string): pg.PoolConfig {
  const { host, port, user, password, database, ssl } = new pg.Client({ connectionString: url });
  const options = new URL(url).searchParams.get("options") ?? undefined;
  return { host, port, user, password, database, ssl, options };
}

function adapterFactory(url: string): SqlMigrationAwareDriverAdapterFactory {
  // Separate fields, because the adapter names its shadow database by overriding one of them; and no pool of ours,
  // because a pool hides its password from the adapter. Idle connections close at once, so nothing lingers.
  const factory = new PrismaPg({ ...fieldsOf(url), max: 2, idleTimeoutMillis: 1 });
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connect: async () => mended(await factory.connect()),
    connectToShadowDb: async () => mended(await factory.connectToShadowDb()),
  };
}

/**
 * Runs `work` with Prisma's schema engine, compiled to WebAssembly so that nothing is downloaded, on the database at `url`.
 * Throws the engine's own message.
 */
export async function withSchemaEngine<T>(url: string, work: (engine: SchemaEngine) => Promise<T>): Promise<T> {
  const { SchemaEngine } = await instantiate();
  const datamodels = schema().files.map((file): [string, string] => [file.path, file.content]);
  const adapter = bindMigrationAwareSqlAdapterFactory(adapterFactory(url));
  const engine = await SchemaEngine.new({ datamodels }, () => undefined, adapter);
  try {
    return await work(engine);
  } finally {
    engine.free();
  }
}
