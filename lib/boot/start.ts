import { createServer } from "node:http";
import next from "next";
import { connect } from "@/lib/db/pool";
import { env, settle } from "@/lib/env";
import { log } from "@/lib/log";
import { ensureBuilt, ensureGenerated } from "./build";
import { bringUpToDate, openDatabase } from "./database";
import { announce, createFirstAccount } from "./first-account";
import { Door, type Handler } from "./http";
import { readConfigQuietly } from "./next-config";
import { authSecret } from "./secrets";
import type { Shutdown } from "./shutdown";

/** How long what was accepted may take to finish; hot reload never finishes by itself. */
const DRAIN_MS = 10_000;
const DEV_DRAIN_MS = 500;

/** Starts everything in order, each part added to `shutdown`. Throws an Error with one sentence when a part cannot start. */
export async function start(dev: boolean, shutdown: Shutdown): Promise<void> {
  const { signal } = shutdown;
  const door = new Door();
  settle({ PORT: String(await door.listen(env().HOST, env().PORT)) });
  await prepareDatabase(shutdown);
  const account = await createFirstAccount(env());
  if (account !== null) process.stdout.write(announce(account, env().BASE_URL));
  signal.throwIfAborted();
  await ensureGenerated(signal);
  if (!dev) await ensureBuilt(signal);
  door.open(await startApp(dev, door, shutdown));
  shutdown.add(() => door.close(dev ? DEV_DRAIN_MS : DRAIN_MS));
  process.stdout.write(`pulsetrail ready at ${env().BASE_URL}\n`);
}

async function prepareDatabase(shutdown: Shutdown): Promise<void> {
  const url = await openDatabase(env(), shutdown);
  shutdown.signal.throwIfAborted();
  settle({ AUTH_SECRET: authSecret(env()) });
  await bringUpToDate(url, shutdown.signal);
  const pool = connect(url);
  shutdown.add(() => pool.end());
}

async function startApp(dev: boolean, door: Door, shutdown: Shutdown): Promise<Handler> {
  // Next listens for upgrades on the server it is given: only hot reload needs them.
  const httpServer = dev ? door.server : createServer();
  await readConfigQuietly(dev);
  const app = next({ dev, dir: process.cwd(), hostname: "localhost", port: env().PORT, httpServer });
  await app.prepare();
  shutdown.add(() => app.close());
  // Imported here because they need what `ensureGenerated` makes.
  const [{ frontDoor }, { startLoops }] = await Promise.all([
    import("@/lib/ingest/front-door"),
    import("@/lib/sweeper/loops"),
  ]);
  const loops = startLoops();
  shutdown.add(() => loops.stop());
  const pages = app.getRequestHandler();
  return (req, res) => {
    if (frontDoor(req, res)) return;
    pages(req, res).catch((error: unknown) => {
      log.error({ err: error }, "a page failed");
      res.destroy();
    });
  };
}
