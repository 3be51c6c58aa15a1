import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbedded } from "@/lib/db/embedded";
import { migrate } from "@/lib/db/migrate";
import { connect } from "@/lib/db/pool";
import { settle } from "@/lib/env";
import { deadlines } from "./deadlines";
import { startup } from "./start";
import { allMet, type Figure, table } from "./table";

// npm run bench: every scenario against a fresh embedded PostgreSQL; one table, and the same as JSON beside it.
settle({
  ALLOW_PRIVATE_TARGETS: "127.0.0.0/8",
  AUTH_SECRET: "a-secret-for-the-benchmark-0123456789",
  SWEEP_INTERVAL_MS: "1000",
});
const dir = mkdtempSync(join(tmpdir(), "pulsetrail-bench-"));
const server = await startEmbedded(dir);
const figures: Figure[] = [];
try {
  await migrate(server.url);
  const pool = connect(server.url);
  figures.push(...(await deadlines()));
  await pool.end();
} finally {
  await server.stop();
  rmSync(dir, { recursive: true, force: true });
}
figures.push(...(await startup()));
mkdirSync("bench/results", { recursive: true });
writeFileSync("bench/results/latest.json", `${JSON.stringify(figures, null, 2)}\n`);
process.stdout.write(`${table(figures)}\n`);
process.exitCode = allMet(figures) ? 0 : 1;
