import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { ServerProcess } from "@/lib/testing/server-process";

const PING_KEY = "ping-key-of-several-workers";
let dataDir: string;
let server: ServerProcess;
let url: string;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "pulsetrail-workers-"));
  server = new ServerProcess({ DATA_DIR: dataDir, WORKERS: "2", ADMIN_PING_KEY: PING_KEY, RATE_LIMITS: "off" });
  url = await server.ready();
}, 180_000);
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

/** The worker processes of the server. */
function workers(): number[] {
  const all = execFileSync("ps", ["-eo", "pid=,ppid=,stat=,args="], { encoding: "utf8" }).split("\n");
  const rows = all.map((line) => line.trim().split(/\s+/));
  const own = rows.filter(
    ([, parent, state, ...args]) =>
      Number(parent) === server.pid && state !== "Z" && args.join(" ").includes("server.ts"),
  );
  return own.map(([pid]) => Number(pid));
}

const ping = async () => (await fetch(`${url}/ping/${PING_KEY}/shared?create=1`)).status;

test("several processes share one port and one database, and one that dies is replaced", async () => {
  expect(workers()).toHaveLength(2);
  // More than one socket at a time, so that the connections spread over the processes.
  const statuses = await Promise.all(Array.from({ length: 50 }, ping));
  expect(statuses.filter((status) => status === 201)).toHaveLength(1);
  expect(statuses.filter((status) => status === 200)).toHaveLength(49);

  const [victim = 0] = workers();
  process.kill(victim, "SIGKILL");
  await vi.waitFor(() => expect(workers().filter((pid) => pid !== victim)).toHaveLength(2), 30_000);
  expect(await ping()).toBe(200);

  const left = workers();
  expect(await server.end("SIGTERM")).toBe(0);
  for (const pid of left) expect(() => process.kill(pid, 0)).toThrow();
  expect(server.stdout.match(/pulsetrail ready at/g)).toHaveLength(1);
}, 120_000);
