import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, test } from "vitest";

const CODE = /\.tsx?$/;
const NOT_OURS = /generated\/|testing\/fixtures\//;
const FOLDERS = ["app", "bench", "components", "e2e", "lib", "scripts"];

const files = FOLDERS.filter((folder) => existsSync(folder))
  .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: "utf8" }).map((path) => join(folder, path)))
  .filter((path) => CODE.test(path) && !NOT_OURS.test(path))
  .sort();
const source = new Map(files.map((path) => [path, readFileSync(path, "utf8")]));
const text = (path: string): string => source.get(path) ?? "";
const isTest = (path: string): boolean => /\.(test|spec)\.tsx?$/.test(path);
const lineCount = (path: string): number => text(path).split("\n").length - 1;
const over = (paths: string[], limit: number): string[] =>
  paths.filter((path) => lineCount(path) > limit).map((path) => `${path}: ${lineCount(path)} lines`);

/** The modules a file imports: ours as paths in the repository, others by name. Types vanish when compiled. */
function importsOf(path: string): string[] {
  const statement = /(?:^|\n)(?:import|export)\s(?!type\b)[^;'"]*?"([^"]+)"|\bimport\("([^"]+)"\)/g;
  return [...text(path).matchAll(statement)].map(([, fixed, dynamic]) => resolveFrom(path, fixed ?? dynamic ?? ""));
}

function resolveFrom(path: string, specifier: string): string {
  const inside = specifier.startsWith("@/") ? specifier.slice(2) : null;
  const base = specifier.startsWith(".") ? join(dirname(path), specifier) : inside;
  if (base === null) return specifier;
  return [base, `${base}.ts`, `${base}.tsx`].find((candidate) => source.has(candidate)) ?? normalize(base);
}

/** Everything a file reaches through its imports. */
function reach(path: string, seen = new Set<string>()): Set<string> {
  for (const next of importsOf(path)) {
    if (seen.has(next)) continue;
    seen.add(next);
    reach(next, seen);
  }
  return seen;
}

describe("pure files", () => {
  const PURE =
    /^lib\/(\w+\/(state|diff|plan|rollup|timeline)|checks\/(alert|classify|cron|oncalendar|schedule)|alerts\/(events|retry)|ingest\/signal)\.ts$/;
  const BROWSER = /^lib\/.*\/schema\.ts$/;
  const IMPURE = /^(node:|next|react|pg$|pino$|undici$|resend$|@prisma\/|lib\/(db|env|log)|.*\/(queries|commands))/;

  test.each(files.filter((path) => PURE.test(path) || BROWSER.test(path)))("%s reaches no input or output", (path) => {
    expect([...reach(path)].filter((module) => IMPURE.test(module))).toEqual([]);
  });
});

describe("routes", () => {
  const routes = files.filter((path) => /^app\/.*\/route\.ts$/.test(path));
  const tested = new Set(files.filter(isTest).flatMap(importsOf));
  /** What a route file may export: what lib/http made of its declaration, and settings of Next. */
  const DECLARED =
    /^export (\{ |const (\{[A-Z, ]+\} = (methods|management)\(|[A-Z]+ = \w+(Route|Door)(;|\()|(dynamic|maxDuration|runtime) = ))/;

  test("there are some", () => {
    expect(routes).not.toEqual([]);
  });

  test.each(routes)("%s declares and does not decide", (path) => {
    const exported = text(path)
      .split("\n")
      .filter((line) => line.startsWith("export "));
    expect(exported.filter((line) => !DECLARED.test(line))).toEqual([]);
    expect(exported).not.toEqual([]);
    expect(lineCount(path)).toBeLessThanOrEqual(40);
  });

  test.each(routes)("%s has a test that calls it", (path) => {
    expect(tested).toContain(path);
  });
});

describe("budgets", () => {
  test("no file is longer than 300 lines", () => {
    expect(over(files, 300)).toEqual([]);
  });

  test("lib has at least 0.7 lines of test for a line of code", () => {
    const inLib = files.filter((path) => path.startsWith("lib/"));
    const lines = (paths: string[]): number => paths.reduce((sum, path) => sum + lineCount(path), 0);
    const tests = inLib.filter((path) => isTest(path) || path.startsWith("lib/testing/"));
    const code = inLib.filter((path) => !tests.includes(path));
    expect(lines(tests) / lines(code)).toBeGreaterThanOrEqual(0.7);
  });

  // Written so that this file does not match itself.
  test.each([
    ["type checks switched off", /@ts\x2d(ignore|expect-error|nocheck)|\x3a any\b[;,)\]>= ]|\bas\x20any\b/],
    ["any allowed by a comment", /biome\x2dignore[^:]*noExplicitAny/],
    ["server actions and hidden caches (decision 0001)", /["']use\x20(server|cache)/],
    ["the image optimiser (decision 0001)", /["']next\/(image|og)["']/],
  ])("no %s", (_what, pattern) => {
    const code = (path: string): string => text(path).replace(/^\s*(\/\/|\/?\*).*$/gm, "");
    expect(files.filter((path) => pattern.test(code(path)))).toEqual([]);
  });

  test("every type assertion is explained beside it", () => {
    const bare = files
      .filter((path) => !isTest(path))
      .flatMap((path) => {
        const lines = text(path).split("\n");
        const explained = (index: number): boolean => /\/\/ |\*\//.test(`${lines[index - 1]}\n${lines[index]}`);
        const cast = /\bas (?!const\b)(unknown|string|number|object|typeof|keyof|[A-Z]\w*[;,)<.[\] ])/;
        const isCast = (line: string): boolean =>
          cast.test(line) && !/^\s*(\/\/|\*|\/\*|import|export [*{])|`/.test(line);
        return lines.flatMap((line, index) =>
          isCast(line) && !explained(index) ? [`${path}:${index + 1}: ${line.trim()}`] : [],
        );
      });
    expect(bare).toEqual([]);
  });
});

describe("dependencies", () => {
  const manifest = JSON.parse(readFileSync("package.json", "utf8"));
  const lock: { packages: Record<string, Locked> } = JSON.parse(readFileSync("package-lock.json", "utf8"));
  type Locked = { version: string; hasInstallScript?: boolean; optionalDependencies?: Record<string, string> };
  const nameOf = (path: string): string => path.replace(/^.*node_modules\//, "");
  const installed = Object.entries(lock.packages)
    .filter(([path]) => path !== "")
    .map(([path, entry]) => ({ name: nameOf(path), ...entry }));

  test("there are at most 35 at run time", () => {
    // Types carry no code; they are there because Next's build asks for them.
    const withCode = Object.keys(manifest.dependencies).filter((name) => !name.startsWith("@types/"));
    expect(withCode.length).toBeLessThanOrEqual(35);
  });

  test("every one is pinned to one version", () => {
    const pinned = { ...manifest.dependencies, ...manifest.devDependencies };
    expect(Object.entries(pinned).filter(([, version]) => !/^\d/.test(String(version)))).toEqual([]);
  });

  // The lowest versions without known holes; older ones may come in through other packages.
  test.each([
    ["fast-uri", "3.1.9"],
    ["next", "16.4.5"],
    ["next-auth", "4.24.15"],
    ["rate-limiter-flexible", "11.4.0"],
    ["sharp", "0.35.5"],
    ["undici", "7.30.2"],
    ["vite", "8.3.5"],
    ["zod", "4.6.7"],
  ])("%s is at least %s wherever it is installed", (name, floor) => {
    const versions = installed.filter((entry) => entry.name === name).map((entry) => entry.version);
    const isBelow = (version: string): boolean => version.localeCompare(floor, "en", { numeric: true }) < 0;
    expect(versions.filter(isBelow)).toEqual([]);
  });

  test("nodemailer is absent", () => {
    expect(installed.filter((entry) => entry.name === "nodemailer")).toEqual([]);
  });

  test("every install script has been allowed or refused", () => {
    const scripted = installed.filter((entry) => entry.hasInstallScript).map((entry) => entry.name);
    expect(scripted.filter((name) => typeof manifest.allowScripts[name] !== "boolean")).toEqual([]);
  });

  test("the lock file names the packages of every platform (npm run lock:complete)", () => {
    const known = new Set(installed.map((entry) => entry.name));
    const optional = installed.flatMap((entry) => Object.keys(entry.optionalDependencies ?? {}));
    expect(optional.filter((name) => !known.has(name))).toEqual([]);
  });
});
