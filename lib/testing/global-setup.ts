import { mkdirSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import type { TestProject } from "vitest/node";
import { startEmbedded } from "@/lib/db/embedded";
import { migrate } from "@/lib/db/migrate";

declare module "vitest" {
  interface ProvidedContext {
    databaseUrl: string;
  }
}

/** One real PostgreSQL for the run, with a fresh migrated database. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dir = join(".test", "database");
  mkdirSync(dir, { recursive: true });
  const server = await startEmbedded(dir);
  const name = `test_${process.pid}_${Date.now()}`;
  await statement(server.url, `CREATE DATABASE ${name}`);
  const url = new URL(server.url);
  url.pathname = `/${name}`;
  await migrate(url.href);
  project.provide("databaseUrl", url.href);
  return async () => {
    await statement(server.url, `DROP DATABASE ${name} WITH (FORCE)`);
    await server.stop();
  };
}

async function statement(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(sql);
  await client.end();
}
