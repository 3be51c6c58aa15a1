import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bringUpToDate } from "@/lib/boot/database";
import { type EmbeddedServer, startEmbedded } from "@/lib/db/embedded";
import { connect } from "@/lib/db/pool";
import { settle } from "@/lib/env";
import { costs } from "./costs";
import { dashboard } from "./dashboard";
import { postgresVersion } from "./databases";
import { deadlines } from "./deadlines";
import { history } from "./history";
import { INGEST_SCENARIOS, ingest } from "./ingest";
import { instances } from "./instances";
import { longPolls } from "./long-polls";
import { machine } from "./machine";
import { readOptions } from "./options";
import { replay } from "./replay";
import { sse } from "./sse";
import { startup } from "./start";
import { allMet, type Figure, table } from "./table";
import { traces } from "./traces";
import { World } from "./world";

// npm run bench [-- --quick] [-- --only <scenario>]: every scenario against a fresh embedded PostgreSQL; one table, and
// the same as JSON beside it.
settle({
  ALLOW_PRIVATE_TARGETS: "127.0.0.0/8",
  AUTH_SECRET: "a-secret-for-the-benchmark-0123456789",
  SWEEP_INTERVAL_MS: "1000",
});
const options = readOptions(process.argv.slice(2));
const scenarios = [
  ...INGEST_SCENARIOS,
  "dashboard",
  "history",
  "instances",
  "replay",
  "costs",
  "sse",
  "long-polls",
  "deadlines",
  "traces",
  "startup",
];
if (options.only !== null && !scenarios.includes(options.only)) {
  process.stderr.write(`--only takes one of: ${scenarios.join(", ")}\n`);
  process.exit(2);
}
const isWanted = (...names: string[]): boolean => options.only === null || names.includes(options.only);

async function againstDeadlines(server: EmbeddedServer): Promise<Figure[]> {
  await bringUpToDate(server.url, new AbortController().signal);
  const pool = connect(server.url);
  const figures = await deadlines();
  await pool.end();
  return figures;
}

const dir = mkdtempSync(join(tmpdir(), "pulsetrail-bench-"));
const server = await startEmbedded(dir);
const world = new World(server, options.storedPings);
let cleaned: Promise<void> | undefined;

/** Stops everything, once, whoever asks. */
function cleanUp(): Promise<void> {
  cleaned ??= world
    .close()
    .then(() => server.stop())
    .finally(() => rmSync(dir, { recursive: true, force: true }));
  return cleaned;
}
// Not once: npm and the loader each pass a signal on.
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    void cleanUp().finally(() => process.exit(130));
  });
}

const figures: Figure[] = [];
let rounds: Awaited<ReturnType<typeof ingest>>["rounds"] = {};
let postgres = "";
try {
  if (isWanted("deadlines")) figures.push(...(await againstDeadlines(server)));
  if (isWanted(...INGEST_SCENARIOS)) {
    const taken = await ingest(world, options);
    figures.push(...taken.figures);
    rounds = taken.rounds;
  }
  if (isWanted("dashboard")) figures.push(...(await dashboard(world, options)));
  if (isWanted("history")) figures.push(...(await history(world, options)));
  if (isWanted("instances")) figures.push(...(await instances(world, options)));
  if (isWanted("replay")) figures.push(...(await replay(world, options)));
  if (isWanted("costs")) figures.push(...(await costs(world, options)));
  if (isWanted("sse")) figures.push(...(await sse(world, options)));
  if (isWanted("long-polls")) figures.push(...(await longPolls(world, options)));
  if (isWanted("traces")) figures.push(...(await traces(world, options)));
  postgres = await postgresVersion(server.url);
} finally {
  await cleanUp();
}
if (isWanted("startup")) figures.push(...(await startup(options.restSeconds)));
const facts = { ...machine(), postgres, options };
mkdirSync("bench/results", { recursive: true });
writeFileSync("bench/results/latest.json", `${JSON.stringify({ ...facts, figures, rounds }, null, 2)}\n`);
process.stdout.write(`${table(figures)}\n`);
process.stdout.write(
  `${facts.cores} cores (${facts.processor}), Node ${facts.node}, PostgreSQL ${postgres}, ${facts.date}\n`,
);
process.exit(allMet(figures) ? 0 : 1);
