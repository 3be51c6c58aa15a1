import { accessSync, constants, existsSync, mkdirSync, realpathSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type pg from "pg";
import { log } from "@/lib/log";
import { bootCluster, type Cluster, openCluster, stopCluster } from "./embedded-cluster";
import { findRunning, leftoverPort } from "./embedded-pid-file";
import { attend, leave } from "./embedded-presence";

export type EmbeddedServer = { url: string; stop: () => Promise<void> };

type Presence = { port: number; client: pg.Client };

/** Recovery after a crash can take this long before the server answers. */
const PATIENCE_MS = 60_000;
const POLL_MS = 50;
const REVIVE_AGAIN_MS = 5000;

/**
 * Starts the PostgreSQL that comes with the package, with its data in `dataDir`, on a loopback port of its own.
 * Adopts a server that already runs there, and starts it again should it die. `stop` stops it unless another
 * process uses it too. Throws an Error with one sentence when it cannot.
 */
export async function startEmbedded(dataDir: string): Promise<EmbeddedServer> {
  ensureWritable(dataDir);
  // One name for one directory, however it was reached: a running server is recognised by it.
  const dir = realpathSync(dataDir);
  const cluster = await openCluster(dir);
  const { port, client } = await join(cluster);
  const stop = attendTo(cluster, port, client);
  return { url: urlFor(cluster, port), stop };
}

/** Starts the server again whenever it dies; returns the function that ends this and leaves. */
function attendTo(cluster: Cluster, port: number, first: pg.Client): () => Promise<void> {
  let current = first;
  let stopping = false;
  let revival = Promise.resolve();
  const revive = async (): Promise<void> => {
    if (stopping) return;
    try {
      current = (await join(cluster, port)).client;
      current.once("end", onEnd);
    } catch (error) {
      log.error({ err: error }, "the embedded PostgreSQL is down");
      setTimeout(onEnd, REVIVE_AGAIN_MS).unref();
    }
  };
  const onEnd = (): void => {
    revival = revive();
  };
  current.once("end", onEnd);
  return async () => {
    stopping = true;
    await revival;
    if (await leave(current).catch(() => false)) await stopCluster(cluster);
    await current.end();
  };
}

/** Throws an Error with one sentence unless files can be made in `dir`, which is made if need be. */
export function ensureWritable(dataDir: string): void {
  const dir = resolve(dataDir);
  try {
    makeDirectory(dir);
    accessSync(dir, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new Error(`DATA_DIR ${dir} cannot be written to: choose another directory or fix its permissions.`, {
      cause: error,
    });
  }
}

/** Makes each missing parent by itself: the recursive form never ends below /proc (Node 20). */
function makeDirectory(dir: string): void {
  if (existsSync(dir)) return;
  makeDirectory(dirname(dir));
  try {
    mkdirSync(dir);
  } catch (error) {
    if (!existsSync(dir)) throw error; // another process may just have made it
  }
}

function urlFor({ password }: Cluster, port: number): string {
  return `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`;
}

/** Finds the cluster's server or starts one, on `wanted` if given, until this process is present on it. */
async function join(cluster: Cluster, wanted?: number): Promise<Presence> {
  const giveUpAt = performance.now() + PATIENCE_MS;
  while (performance.now() < giveUpAt) {
    const running = findRunning(cluster.path);
    const port = running?.port ?? wanted ?? leftoverPort(cluster.path) ?? (await freePort());
    const client = running !== null || (await bootCluster(cluster, port)) ? await attend(urlFor(cluster, port)) : null;
    if (client !== null) return { port, client };
    await pause(POLL_MS); // another process is starting, recovering or stopping it: there is no event to wait for
  }
  throw new Error(
    `The embedded PostgreSQL in ${cluster.path} does not answer; ${cluster.path}/server.log may say why.`,
  );
}

function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const probe = createServer().once("error", failed);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => found(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
