import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { findRunning } from "@/lib/db/embedded-pid-file";
import { bareEnvironment } from "@/lib/env";
import { SERVER } from "@/lib/testing/server-process";

const Server = z.object({ url: z.string(), apiKey: z.string(), pingKey: z.string() });
export type Server = z.infer<typeof Server>;

export type Running = Server & {
  /** Its database, for pasts that no test can wait for. */
  databaseUrl: () => string;
  stop: () => Promise<void>;
};

const HOME = resolve(".test/e2e");
const STATE = join(HOME, "server.json");
const READY = /^pulsetrail ready at (\S+)$/m;
/** A start that has to build first may take this long. */
const PATIENCE_MS = 180_000;
const STOP_MS = 30_000;
const KEYS = { apiKey: "key-for-the-browser-tests", pingKey: "ping-key-for-browser-tests" };

/** Starts the server as `npm start` does, on a free port and with data of its own, and waits until it serves. */
export async function startServer(settings: Record<string, string> = {}): Promise<Running> {
  mkdirSync(HOME, { recursive: true });
  const dataDir = mkdtempSync(join(HOME, "data-"));
  const logFile = join(dataDir, "server.log");
  const output = openSync(logFile, "w");
  const child = spawn(process.execPath, SERVER, {
    stdio: ["ignore", output, output],
    env: {
      ...bareEnvironment(),
      PORT: "0",
      HOST: "127.0.0.1",
      DATA_DIR: dataDir,
      ADMIN_API_KEY: KEYS.apiKey,
      ADMIN_PING_KEY: KEYS.pingKey,
      ADMIN_PASSWORD: "password-for-the-browser-tests",
      ALLOW_PRIVATE_TARGETS: "127.0.0.0/8",
      SWEEP_INTERVAL_MS: "200",
      // Every test signs in as the same person, more often than a person may.
      RATE_LIMITS: "off",
      ...settings,
    },
  });
  const stop = async (): Promise<void> => {
    await stopChild(child);
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    return { url: await readyUrl(child, logFile), ...KEYS, databaseUrl: () => databaseIn(dataDir), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function databaseIn(dataDir: string): string {
  const cluster = join(dataDir, "postgres");
  const password = readFileSync(join(cluster, "password"), "utf8").trim();
  return `postgresql://postgres:${password}@127.0.0.1:${findRunning(cluster)?.port}/postgres`;
}

async function readyUrl(child: ChildProcess, logFile: string): Promise<string> {
  const giveUpAt = performance.now() + PATIENCE_MS;
  while (child.exitCode === null && performance.now() < giveUpAt) {
    const url = READY.exec(readFileSync(logFile, "utf8"))?.[1];
    if (url !== undefined) return url;
    await pause(50); // the ready line is the only sign it gives
  }
  throw new Error(`The server did not become ready:\n${readFileSync(logFile, "utf8")}`);
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((done) => child.once("exit", done));
  const impatience = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
  child.kill("SIGTERM");
  await ended;
  clearTimeout(impatience);
}

/** Tells the test workers, which are processes of their own, where the server is. */
export function publish(server: Server): void {
  writeFileSync(STATE, JSON.stringify(Server.parse(server)));
}

/** The server that the global setup started. */
export function theServer(): Server {
  return Server.parse(JSON.parse(readFileSync(STATE, "utf8")));
}
