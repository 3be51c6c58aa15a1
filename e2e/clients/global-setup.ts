import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { type Running, startServer } from "@/e2e/server";
import { bareEnvironment } from "@/lib/env";

/** The releases that are tried; they are no dependencies of the project. */
const PACKAGES = { "healthchecks-io-client": "1.0.4", "healthchecks.io": "2.2.0" };

declare module "vitest" {
  interface ProvidedContext {
    /** Where the server is, and its keys. */
    origin: string;
    apiKey: string;
    pingKey: string;
    /** A folder that has the npm packages and is removed afterwards. */
    folder: string;
  }
}

let folder = "";
let server: Running | null = null;

function run(program: string, ...args: string[]): void {
  const { status, error, stderr } = spawnSync(program, args, {
    cwd: folder,
    env: { ...bareEnvironment(), HOME: folder },
  });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ${error?.message ?? stderr.toString()}`);
}

/** Installs the clients into a folder of their own and starts the server that they are to talk to. */
export async function setup(project: TestProject): Promise<void> {
  if (spawnSync("borgmatic", ["--version"], { env: bareEnvironment() }).status !== 0)
    throw new Error(
      "These tests need borgmatic: run `apt-get install borgmatic`, or what your system has in its place.",
    );
  folder = mkdtempSync(join(tmpdir(), "pulsetrail-clients-"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, dependencies: PACKAGES }));
  run("npm", "install", "--no-audit", "--no-fund", "--ignore-scripts");
  server = await startServer();
  project.provide("origin", server.url);
  project.provide("apiKey", server.apiKey);
  project.provide("pingKey", server.pingKey);
  project.provide("folder", folder);
}

export async function teardown(): Promise<void> {
  await server?.stop();
  if (folder !== "") rmSync(folder, { recursive: true, force: true });
}
