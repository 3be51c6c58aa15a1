import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type Ended, runNode } from "./child";

const STAMP = ".next/pulsetrail-build";
const SOURCES = [
  "app",
  "components",
  "lib",
  "public",
  "prisma/schema",
  "next.config.ts",
  "proxy.ts",
  "instrumentation-client.ts",
  "package-lock.json",
];
/** Parts of `lib` that the pages do not contain. */
const APART = new Set(["boot", "demo", "testing", "generated"]);
const SCHEMA_DIR = "prisma/schema";
const GENERATED = "lib/db/generated/internal/class.ts";

/** What Next says when its lock is taken. */
const OTHER_BUILD = /another .*next build.* running/i;
const WAIT_MS = 1000;

/** Makes the database client when it does not match the schema. */
export async function ensureGenerated(signal: AbortSignal): Promise<void> {
  if (generatedIsCurrent()) return;
  const result = await run("prisma", "generate", signal);
  if (result.code !== 0) throw failure("prisma generate", result);
}

/** Builds the production app unless it was built from these very sources. */
export async function ensureBuilt(signal: AbortSignal): Promise<void> {
  const sources = sourceHash();
  if (stamp() === sources) return;
  process.stderr.write("building the production app (first start or sources changed) …\n");
  rmSync(STAMP, { force: true }); // a build that is killed must not pass for the one before it
  for (let built = await build(signal); built.code !== 0; built = await build(signal)) {
    if (!OTHER_BUILD.test(built.output)) throw failure("next build", built);
    await pause(WAIT_MS, undefined, { signal }); // another process builds; it tells nobody when it ends
    if (stamp() === sources) return;
  }
  writeFileSync(STAMP, sources);
}

function stamp(): string | null {
  return existsSync(STAMP) ? readFileSync(STAMP, "utf8") : null;
}

/** A hash over the names and contents of everything the build of the checkout at `root` is made from. */
export function sourceHash(root = "."): string {
  const hash = createHash("sha256").update(process.version);
  for (const file of SOURCES.flatMap((path) => filesIn(join(root, path))).sort()) {
    hash.update(`\0${relative(root, file)}\0`).update(readFileSync(file));
  }
  return hash.digest("hex");
}

function filesIn(path: string): string[] {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return /\.test\.tsx?$/.test(path) ? [] : [path];
  return readdirSync(path).flatMap((name) => (APART.has(name) ? [] : filesIn(join(path, name))));
}

/** Whether the database client was made from the schema as it is; it holds a formatted copy of it. */
export function generatedIsCurrent(root = "."): boolean {
  const client = join(root, GENERATED);
  if (!existsSync(client)) return false;
  const made = /"inlineSchema": ("(?:[^"\\]|\\.)*")/.exec(readFileSync(client, "utf8"))?.[1];
  const madeFrom = made === undefined ? "" : squeeze(String(JSON.parse(made)));
  return filesIn(join(root, SCHEMA_DIR)).every((file) => madeFrom.includes(squeeze(readFileSync(file, "utf8"))));
}

function squeeze(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

const build = (signal: AbortSignal) => run("next", "build", signal);

function run(command: "next" | "prisma", task: string, signal: AbortSignal): Promise<Ended> {
  return runNode([programOf(command), task], { signal });
}

function failure(command: string, { code, output }: Ended): Error {
  process.stderr.write(output);
  return new Error(`The command "${command}" failed with exit code ${code}; its output is above.`);
}

function programOf(command: "next" | "prisma"): string {
  const programs = { next: "next/dist/bin/next", prisma: "prisma/build/index.js" };
  return createRequire(join(process.cwd(), "package.json")).resolve(programs[command]);
}
