import {
  chmodSync,
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { totalmem } from "node:os";
import { basename, dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { randomToken } from "@/lib/core/ids";
import { type Binaries, findBinaries } from "./embedded-binaries";
import { disownPidFile, findRunning, isAlive } from "./embedded-pid-file";
import { handOver, runProgram } from "./embedded-user";

export type Cluster = { binaries: Binaries; path: string; password: string };

const STOP_MS = 15_000;
const POLL_MS = 20;

const MEGABYTE = 1024 * 1024;

const SETTINGS = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: "60",
  timezone: "UTC",
  // An eighth of the memory: enough for the newest pages of many checks, and little on a small machine.
  shared_buffers: `${Math.round(Math.min(512, Math.max(64, totalmem() / MEGABYTE / 8)))}MB`,
  max_wal_size: "2GB",
  checkpoint_timeout: "15min",
  wal_compression: "on",
  log_checkpoints: "off",
};

/** The cluster in `dir`, made first when there is none. */
export async function openCluster(dir: string): Promise<Cluster> {
  const binaries = findBinaries();
  const path = join(dir, "postgres");
  if (!existsSync(join(path, "PG_VERSION"))) await initialise(binaries, path);
  return { binaries, path, password: readFileSync(join(path, "password"), "utf8").trim() };
}

/** Built beside its place and moved there whole: a first boot that is killed leaves nothing half-made behind. */
async function initialise({ initdb }: Binaries, path: string): Promise<void> {
  const fresh = `${path}.new-${process.pid}-${randomToken(8)}`;
  const passwordFile = `${fresh}.password`;
  const password = randomToken(32);
  clearDrafts(path);
  mkdirSync(fresh, { mode: 0o700 });
  handOver(fresh);
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  handOver(passwordFile);
  const options = [
    "--username=postgres",
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
  ];
  try {
    await runProgram(initdb, [`--pgdata=${fresh}`, `--pwfile=${passwordFile}`, "--no-instructions", ...options]);
    renameSync(passwordFile, join(fresh, "password"));
    chmodSync(join(fresh, "password"), 0o600);
    renameSync(fresh, path);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    rmSync(passwordFile, { force: true });
    if (existsSync(join(path, "PG_VERSION"))) return; // another process was quicker
    throw new Error(`The embedded PostgreSQL could not be initialised in ${path}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/** Removes what killed first boots left beside the cluster's place; the number in the name is their process id. */
function clearDrafts(path: string): void {
  const draft = new RegExp(`^${basename(path)}\\.new-(\\d+)-`);
  for (const name of readdirSync(dirname(path))) {
    const pid = draft.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) rmSync(join(dirname(path), name), { recursive: true, force: true });
  }
}

/**
 * Starts the server on the cluster. False when it is worth another try: another process is starting it,
 * backends of a killed server are still leaving, or the port has just been taken.
 */
export async function bootCluster({ binaries, path }: Cluster, port: number): Promise<boolean> {
  disownPidFile(path);
  const options = Object.entries(SETTINGS).map(([name, value]) => `-c ${name}='${value}'`);
  const logFile = join(path, "server.log");
  const logged = existsSync(logFile) ? statSync(logFile).size : 0;
  try {
    await runProgram(binaries.pgCtl, [
      "start",
      "-w",
      "-s",
      "-D",
      path,
      "-l",
      logFile,
      "-o",
      `-p ${port} ${options.join(" ")}`,
    ]);
    return true;
  } catch (error) {
    const said = readFrom(logFile, logged);
    if (findRunning(path) !== null || /lock file|shared memory block|Address already in use/.test(said)) return false;
    const reason = /FATAL: +(.*)/.exec(said)?.[1] ?? (error instanceof Error ? error.message : String(error));
    throw new Error(`The embedded PostgreSQL did not start (${reason}); ${logFile} says more.`, { cause: error });
  }
}

function readFrom(file: string, offset: number): string {
  if (!existsSync(file)) return "";
  const handle = openSync(file, "r");
  try {
    const bytes = Buffer.alloc(Math.max(0, fstatSync(handle).size - offset));
    readSync(handle, bytes, 0, bytes.length, offset);
    return bytes.toString();
  } finally {
    closeSync(handle);
  }
}

/**
 * Stops the server; nothing to do when it has stopped already. Not by `pg_ctl stop`, which would wait on when a process
 * that comes meanwhile starts the next server.
 */
export async function stopCluster({ path }: Cluster): Promise<void> {
  const pid = findRunning(path)?.pid;
  if (pid === undefined) return;
  process.kill(pid, "SIGINT"); // PostgreSQL's fast shutdown
  const giveUpAt = performance.now() + STOP_MS;
  while (findRunning(path)?.pid === pid) {
    if (performance.now() > giveUpAt) throw new Error(`The embedded PostgreSQL (process ${pid}) does not stop.`);
    await pause(POLL_MS);
  }
}
