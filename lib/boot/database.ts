import pg from "pg";
import { ensureWritable, startEmbedded } from "@/lib/db/embedded";
import { upToDate } from "@/lib/db/migrate";
import { bareEnvironment, type Env } from "@/lib/env";
import { runNode } from "./child";
import type { Shutdown } from "./shutdown";

// "migrate" in ASCII, cut to what PostgreSQL takes: any number that nothing else locks.
const MIGRATION_LOCK = 0x6d_69_67_72_61_74;

/** The URL of a database that answers: the operator's, else the embedded one, started here. */
export async function openDatabase(settings: Env, shutdown: Shutdown): Promise<string> {
  if (settings.DATABASE_URL !== undefined) {
    await checkReachable(settings.DATABASE_URL);
    return settings.DATABASE_URL;
  }
  ensureWritable(settings.DATA_DIR);
  const server = await startEmbedded(settings.DATA_DIR);
  shutdown.add(server.stop);
  return server.url;
}

/** Throws one sentence, without the password, when nothing can be asked of the database. */
export async function checkReachable(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  try {
    await client.connect();
  } catch (error) {
    throw new Error(whyUnreachable(url, error), { cause: error });
  } finally {
    await client.end().catch(() => undefined);
  }
}

function whyUnreachable(url: string, error: unknown): string {
  const { host, port } = new pg.Client({ connectionString: url });
  const place = `The database at ${host}:${port}`;
  if (error instanceof pg.DatabaseError) return `${place} refuses us (${error.message}): fix DATABASE_URL.`;
  const code = error instanceof Error && "code" in error ? String(error.code) : firstLine(error);
  return `${place} cannot be reached (${code}): start it or fix DATABASE_URL.`;
}

/** Brings the schema up to date; processes that start together wait for each other. */
export async function bringUpToDate(url: string, signal: AbortSignal): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
    await client.query("SELECT pg_advisory_lock($1)", [MIGRATION_LOCK]);
    if (!(await upToDate(url))) await migrateApart(url, signal);
  } catch (error) {
    signal.throwIfAborted();
    throw new Error(`The database could not be migrated: ${firstLine(error)}.`, { cause: error });
  } finally {
    await client.end();
  }
}

/** In a process of its own, because the schema engine's memory is never given back. */
async function migrateApart(url: string, signal: AbortSignal): Promise<void> {
  const env = { ...bareEnvironment(), DATABASE_URL: url };
  const { code, output } = await runNode(["--import", "tsx", "lib/boot/migrate-apart.ts"], { signal, env });
  if (code === 0) return;
  const migration = /migration_name="(\w+)"/.exec(output)?.[1];
  const reason = /ERROR: (.*)/.exec(output)?.[1] ?? output;
  throw new Error(migration === undefined ? reason : `${reason} (in ${migration})`);
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.trim().split("\n")[0]?.replace(/\.$/, "") ?? "";
}
