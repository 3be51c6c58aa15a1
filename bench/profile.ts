import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startEmbedded } from "@/lib/db/embedded";
import { AppServer } from "./app-server";
import { runLoad } from "./children";
import { createDatabase } from "./databases";
import { makeFleet } from "./fleet";
import { readProfile, summary } from "./profile-summary";
import { makeAskers, requestsOf } from "./requests";
import { sampleBackends } from "./wait-events";

// node --import tsx bench/profile.ts [connections] [approvals]: where the server and its database spend their time under a
// load of pings, or of requests for approvals.
const connections = Number(process.argv[2] ?? 64);
const isOfApprovals = process.argv[3] === "approvals";
const WARM_UP_SECONDS = 4;
const PROFILED_SECONDS = 8;

mkdirSync("bench/results", { recursive: true });
const dir = mkdtempSync(join(tmpdir(), "pulsetrail-bench-"));
const postgres = await startEmbedded(dir);
try {
  const database = await createDatabase(postgres, "profiled");
  const hook = new URL("./profile-hook.mjs", import.meta.url).href;
  const server = await AppServer.start(database.url, { NODE_OPTIONS: `--import ${hook}`, LOG_LEVEL: "info" });
  const scripts = isOfApprovals
    ? requestsOf(await makeAskers(database))
    : (await makeFleet(database)).checks.map(({ id }) => [{ target: `/ping/${id}` }]);
  const load = (seconds: number) =>
    runLoad({ port: server.port, connections, scripts, until: { seconds }, warmUpMs: 1000 });
  await load(WARM_UP_SECONDS);
  // Sampled apart from the profile, which would slow down what it looks at.
  const [plain, backends] = await Promise.all([
    load(PROFILED_SECONDS),
    sleep(2000).then(() => sampleBackends(database, (PROFILED_SECONDS - 4) * 1000)),
  ]);
  const profiled = load(PROFILED_SECONDS);
  await sleep(2000);
  server.signalHook();
  await sleep((PROFILED_SECONDS - 4) * 1000);
  server.signalHook();
  const [, file] = await server.says(/^profile (.+)$/m);
  const { perSecond } = await profiled;
  const counts = await database.pool.query(
    "SELECT n_tup_upd AS updates, n_tup_hot_upd AS hot FROM pg_stat_user_tables WHERE relname = 'checks'",
  );
  await server.stop();
  await database.pool.end();
  const says = server.said.match(/^\{.*"msg":"signal batches"\}$/gm)?.at(-1) ?? "";
  process.stdout.write(
    `${connections} connections: ${plain.perSecond.toFixed(0)}/s, p50 ${plain.p50.toFixed(2)} ms, p99 ${plain.p99.toFixed(2)} ms ` +
      `(${perSecond.toFixed(0)}/s while profiled)\n${says}\n${JSON.stringify(counts.rows[0])}\n\n${backends}\n\n` +
      `${summary(readProfile(readFileSync(String(file), "utf8")))}\n\nThe whole profile: ${file}\n`,
  );
} finally {
  await postgres.stop();
  rmSync(dir, { recursive: true, force: true });
}
process.exit(0);
