import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { z } from "zod";
import { ensureChromium } from "./chromium";

// npm test: everything that proves the project works, in order of cost. The last line is `N passed, N failed`.
type Count = { passed: number; failed: number };
type Step = { name: string; command: string[]; count: (ok: boolean) => Count };

const REPORTS = ".test/reports";
const VITEST = `${REPORTS}/vitest.json`;
const PLAYWRIGHT = `${REPORTS}/playwright.json`;

const Vitest = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.unknown()) })),
});
const Playwright = z.object({
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number() }),
  errors: z.array(z.unknown()),
});

const asOne = (ok: boolean): Count => ({ passed: ok ? 1 : 0, failed: ok ? 0 : 1 });

function vitest(): Count {
  const report = Vitest.parse(read(VITEST));
  // A file that could not even be loaded reports no test of its own.
  const broken = report.testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0);
  return { passed: report.numPassedTests, failed: report.numFailedTests + broken.length };
}

function playwright(): Count {
  const { stats, errors } = Playwright.parse(read(PLAYWRIGHT));
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky + errors.length };
}

function read(path: string): unknown {
  return JSON.parse(readFileSync(path, "utf8"));
}

/** What a runner's report says; whatever it says, a runner that ended badly or ran nothing has failed. */
function fromReport(path: string, count: () => Count): Step["count"] {
  return (ok) => {
    const counted = existsSync(path) ? count() : { passed: 0, failed: 0 };
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
process.exitCode = failed === 0 ? 0 : 1;
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
