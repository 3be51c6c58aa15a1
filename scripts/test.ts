import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { z } from "zod";
import { ensureChromium } from "./chromium";

// npm test: everything that proves the project works, in order of cost. The last line is `N passed, N failed`.
/** `names`: what failed, to be told once more at the end. */
type Count = { passed: number; failed: number; names: string[] };
type Step = { name: string; command: string[]; count: (ok: boolean) => Count };

const REPORTS = ".test/reports";
const VITEST = `${REPORTS}/vitest.json`;
const PLAYWRIGHT = `${REPORTS}/playwright.json`;

const Vitest = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
});
const Spec = z.object({ title: z.string(), file: z.string(), line: z.number(), ok: z.boolean() });
type Suite = { specs: z.infer<typeof Spec>[]; suites?: Suite[] | undefined };
const Suite: z.ZodType<Suite> = z.object({
  specs: z.array(Spec),
  get suites() {
    return z.array(Suite).optional();
  },
});
const Playwright = z.object({
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number() }),
  errors: z.array(z.unknown()),
  suites: z.array(Suite),
});

const asOne = (ok: boolean): Count => ({ passed: ok ? 1 : 0, failed: ok ? 0 : 1, names: [] });

function vitest(): Count {
  const report = Vitest.parse(read(VITEST));
  // A file that could not even be loaded reports no test of its own.
  const broken = report.testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0);
  const names = report.testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.filter(({ status }) => status === "failed").map(({ fullName }) => `${name} › ${fullName}`),
  );
  const failed = report.numFailedTests + broken.length;
  return { passed: report.numPassedTests, failed, names: [...names, ...broken.map(({ name }) => name)] };
}

/** What failed, also if it passed when it was tried again. */
const failedIn = ({ specs, suites = [] }: Suite): string[] => [
  ...specs.filter(({ ok }) => !ok).map(({ file, line, title }) => `${file}:${line} › ${title}`),
  ...suites.flatMap(failedIn),
];

function playwright(): Count {
  const { stats, errors, suites } = Playwright.parse(read(PLAYWRIGHT));
  const failed = stats.unexpected + stats.flaky + errors.length;
  return { passed: stats.expected, failed, names: suites.flatMap(failedIn) };
}

function read(path: string): unknown {
  return JSON.parse(readFileSync(path, "utf8"));
}

/** What a runner's report says; whatever it says, a runner that ended badly or ran nothing has failed. */
function fromReport(path: string, count: () => Count): Step["count"] {
  return (ok) => {
    const counted = existsSync(path) ? count() : { passed: 0, failed: 0, names: [] };
    const isSound = ok && counted.passed > 0;
    return isSound || counted.failed > 0 ? counted : { ...counted, failed: 1 };
  };
}

const UNIT = ["vitest", "run", "--reporter=default", "--reporter=json", `--outputFile.json=${VITEST}`];

const STEPS: Step[] = [
  { name: "lint", command: ["npm", "run", "--silent", "lint"], count: asOne },
  { name: "types", command: ["npm", "run", "--silent", "types"], count: asOne },
  { name: "unused code", command: ["npm", "run", "--silent", "knip"], count: asOne },
  { name: "production build", command: ["npx", "tsx", "scripts/build.ts"], count: asOne },
  { name: "unit and integration", command: ["npx", ...UNIT], count: fromReport(VITEST, vitest) },
  { name: "end to end", command: ["npx", "playwright", "test"], count: fromReport(PLAYWRIGHT, playwright) },
];

function run({ name, command, count }: Step): Count {
  process.stdout.write(`\n── ${name}\n`);
  const [program = "", ...args] = command;
  const { status } = spawnSync(program, args, { stdio: ["ignore", "inherit", "inherit"] });
  const counted = count(status === 0);
  process.stdout.write(`── ${name}: ${counted.failed === 0 ? "passed" : "FAILED"}\n`);
  return counted;
}

rmSync(REPORTS, { recursive: true, force: true });
mkdirSync(REPORTS, { recursive: true });
ensureChromium();
const counts = STEPS.map(run);
const passed = counts.reduce((sum, count) => sum + count.passed, 0);
const failed = counts.reduce((sum, count) => sum + count.failed, 0);
const names = counts.flatMap((count) => count.names);
if (names.length > 0) process.stdout.write(`\nFailed:\n${names.map((name) => `  ${name}`).join("\n")}\n`);
process.exitCode = failed === 0 ? 0 : 1;
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
