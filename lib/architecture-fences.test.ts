import { execFile } from "node:child_process";
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

const run = promisify(execFile);
const IMPORTS = resolve("lib/testing/fixtures/imports.ts");
const RULES = resolve("lib/testing/fixtures/rules.ts");
const IMPORT_RULE = "lint/style/noRestrictedImports";

type Finding = { rule: string; file: string; line: number };

let findings: Finding[];
const place = mkdtempSync(join(tmpdir(), "fences-"));

const UI = ["@/app/page", "@/components/button"];
const UP = ["../checks/queries"];
const HTTP = ["@/lib/http/route"];
const FETCH = ["@/lib/http/safe-fetch"];
const DATABASE = ["@/lib/db/pool", "@prisma/client", "pg"];
const FRAMEWORK = ["next/server", "react"];
const DOMAIN = ["@/lib/checks/queries", "@/lib/checks/commands/pause"];
const SYSTEM = ["@/lib/env", "node:fs/promises"];
const PURE = [...UI, ...UP, ...HTTP, ...FETCH, ...DATABASE, ...FRAMEWORK, ...DOMAIN, ...SYSTEM, "./queries"];

/** What a file at this place may not import. */
const FENCES: [string, string[]][] = [
  ["lib/checks/state.ts", PURE],
  ["lib/checks/schedule/schedule.ts", PURE],
  ["lib/checks/schema.ts", PURE],
  ["lib/channels/webhook/schema.ts", PURE],
  ["lib/alerts/retry.ts", PURE],
  ["lib/checks/client.ts", PURE.filter((specifier) => !FRAMEWORK.includes(specifier))],
  ["lib/checks/commands.ts", [...UI, ...UP, ...HTTP]],
  ["lib/checks/commands/pause.ts", [...UI, ...HTTP]],
  ["lib/channels/email/send.ts", [...UI, ...HTTP]],
  ["lib/sweeper/loops.ts", [...UI, ...UP, ...HTTP]],
  ["lib/http/route.ts", [...UI, ...UP]],
  ["lib/db/client.ts", [...UI, ...UP, ...HTTP, ...FETCH, ...DOMAIN, ...FRAMEWORK]],
  [
    "lib/core/ids.ts",
    [...UI, ...UP, ...HTTP, ...FETCH, ...DOMAIN, ...FRAMEWORK, "@/lib/core/time", "@/lib/db/pool", "@/lib/env"],
  ],
  ["app/page.tsx", [...UP, ...DATABASE]],
  ["app/api/checks/route.ts", [...UP, ...DATABASE]],
  ["components/checks/check-table.tsx", ["@/app/page", ...UP, ...DATABASE, ...HTTP, ...FETCH, ...DOMAIN, ...SYSTEM]],
  ["lib/checks/commands.test.ts", UI],
];

function put(path: string, text: string): void {
  const file = join(place, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function lint(): Promise<string> {
  const options = ["lint", "--reporter=github", "--max-diagnostics=none"];
  const linted = run(resolve("node_modules/.bin/biome"), options, { cwd: place, maxBuffer: 10_000_000 });
  return linted.then(
    () => "",
    (failure: { stdout: string }) => failure.stdout,
  );
}

beforeAll(async () => {
  copyFileSync("biome.json", join(place, "biome.json"));
  put(".gitignore", "node_modules/\n"); // Biome takes an empty one for a missing one
  for (const [path] of FENCES) {
    mkdirSync(dirname(join(place, path)), { recursive: true });
    cpSync(IMPORTS, join(place, path));
  }
  cpSync(RULES, join(place, "lib/projects/rules.ts"));
  put("lib/projects/BadName.ts", "export const one = 1;\n");
  put("lib/projects/cycle.ts", 'import { there } from "./recycle";\nexport const here = () => there;\n');
  put("lib/projects/recycle.ts", 'import { here } from "./cycle";\nexport const there = () => here;\n');
  put("lib/projects/long.ts", `export function long(): void {\n${"  void 0;\n".repeat(300)}}\n`);
  const pattern = /title=([^,]+),file=([^,]+),line=(\d+)/g;
  findings = [...(await lint()).matchAll(pattern)].map(([, rule = "", file = "", line]) => ({
    rule,
    file: file.replace(/^.*\/fences-[^/]+\//, ""),
    line: Number(line),
  }));
}, 60_000);

afterAll(() => rmSync(place, { recursive: true, force: true }));

test.each(FENCES)("%s may not import what lies beyond its fence", (path, refused) => {
  const lines = readFileSync(IMPORTS, "utf8").split("\n");
  const found = findings.filter(({ rule, file }) => rule === IMPORT_RULE && file === path);
  const specifiers = found.map(({ line }) => /"(.*)"/.exec(lines[line - 1] ?? "")?.[1] ?? "");
  expect(specifiers.toSorted()).toEqual(refused.toSorted());
});

test.each([
  ["rules.ts", "lint/complexity/noExcessiveCognitiveComplexity"],
  ["rules.ts", "lint/complexity/useMaxParams"],
  ["rules.ts", "lint/nursery/noFloatingPromises"],
  ["rules.ts", "lint/nursery/noMisusedPromises"],
  ["rules.ts", "lint/nursery/useExhaustiveSwitchCases"],
  ["rules.ts", "lint/performance/noBarrelFile"],
  ["rules.ts", "lint/style/noDefaultExport"],
  ["rules.ts", "lint/style/noProcessEnv"],
  ["rules.ts", "lint/suspicious/noConsole"],
  ["rules.ts", "lint/suspicious/noExplicitAny"],
  ["BadName.ts", "lint/style/useFilenamingConvention"],
  ["cycle.ts", "lint/suspicious/noImportCycles"],
  ["long.ts", "lint/complexity/noExcessiveLinesPerFunction"],
  ["long.ts", "lint/style/noExcessiveLinesPerFile"],
])("%s breaks %s", (file, rule) => {
  expect(findings.filter((one) => one.file === `lib/projects/${file}`).map((one) => one.rule)).toContain(rule);
});
