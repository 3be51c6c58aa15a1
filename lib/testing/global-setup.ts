import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { startEmbedded } from "@/lib/db/embedded";
import { migrate } from "@/lib/db/migrate";
import { onDatabase, withDatabase } from "./database";

declare module "vitest" {
  interface ProvidedContext {
    /** The server's own database, from which others are made. */
    serverUrl: string;
    /** Name of a migrated database to copy. */
    template: string;
  }
}

/** One real PostgreSQL for the run, with one migrated database that every test file copies. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startEmbedded(join(".test", "database"));
  const template = `template_${process.pid}_${Date.now()}`;
  await onDatabase(server.url, `CREATE DATABASE ${template}`);
  await migrate(withDatabase(server.url, template));
  project.provide("serverUrl", server.url);
  project.provide("template", template);
  return async () => {
    await onDatabase(server.url, `DROP DATABASE ${template} WITH (FORCE)`);
    await server.stop();
  };
}
