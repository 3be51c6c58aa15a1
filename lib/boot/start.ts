import { createServer } from "node:http";
import next from "next";
import { theDecisionWatch } from "@/lib/approvals/watch";
import { connect } from "@/lib/db/pool";
import { env, settle } from "@/lib/env";
import { clientAddress } from "@/lib/ingest/client-address";
import { log } from "@/lib/log";
import { theCommandWatch } from "@/lib/replay/work-queue";
import { theWatch } from "@/lib/workflows/instance/watch";
import { ensureBuilt, ensureGenerated } from "./build";
import { bringUpToDate, openDatabase } from "./database";
import { announce, createFirstAccount } from "./first-account";
import { Door, type Handler, named, refuseMethod } from "./http";
import { type Lane, takeLane } from "./lanes";
import { readConfigQuietly } from "./next-config";
import { authSecret } from "./secrets";
import type { Shutdown } from "./shutdown";
import { isWorker, startWorkers, tellReady } from "./workers";

/** How long what was accepted may take to finish; hot reload never finishes by itself. */
const DRAIN_MS = 10_000;
const DEV_DRAIN_MS = 500;

type Start = { dev: boolean; shutdown: Shutdown; lanes: () => Promise<readonly Lane[]> };

/** Starts everything in order, each part added to `shutdown`. Throws an Error with one sentence when a part cannot start. */
export async function start({ dev, shutdown, lanes }: Start): Promise<void> {
  if (isWorker()) return startWorker({ shutdown, lanes });
  const { signal } = shutdown;
  const door = new Door();
  settle({ PORT: String(await door.listen(env().HOST, env().PORT)) });
  const url = await prepareDatabase(shutdown);
  const account = await createFirstAccount(env());
  if (account !== null) process.stdout.write(announce(account, env().BASE_URL));
  signal.throwIfAborted();
  await ensureGenerated(signal);
  if (!dev) await ensureBuilt(signal);
  await sweepHere(shutdown);
  const { WORKERS } = env();
  if (dev || WORKERS === 1) await serve({ dev, door, shutdown, lanes });
  else {
    await door.close(0); // held until now to be sure of the port; from here on the workers share it
    await startWorkers(
      WORKERS,
      { DATABASE_URL: url, AUTH_SECRET: authSecret(env()), PORT: String(env().PORT) },
      shutdown,
    );
  }
  process.stdout.write(`pulsetrail ready at ${env().BASE_URL}\n`);
}

/** One of several processes that share the port; the first one keeps the database, the deadlines and the deliveries. */
async function startWorker({ shutdown, lanes }: Omit<Start, "dev">): Promise<void> {
  const pool = connect(env().DATABASE_URL ?? "");
  shutdown.add(() => pool.end());
  const door = new Door();
  await door.listen(env().HOST, env().PORT);
  await serve({ dev: false, door, shutdown, lanes });
  tellReady();
}

type Served = Start & { door: Door };

async function serve({ dev, door, shutdown, lanes }: Served): Promise<void> {
  // Hot reload would not reach handlers that are loaded here.
  door.open(await startApp({ dev, door, shutdown }, dev ? [] : await lanes()));
  shutdown.add(() => door.close(dev ? DEV_DRAIN_MS : DRAIN_MS));
  // The door would wait for streams of events, which end with what they tell of.
  shutdown.add(async () => {
    theWatch().stop();
    theDecisionWatch().stop();
    theCommandWatch().stop();
  });
}

/** Imported here because it needs what `ensureGenerated` makes. */
async function sweepHere(shutdown: Shutdown): Promise<void> {
  const { startLoops } = await import("@/lib/sweeper/loops");
  const loops = startLoops();
  shutdown.add(() => loops.stop());
}

async function prepareDatabase(shutdown: Shutdown): Promise<string> {
  const url = await openDatabase(env(), shutdown);
  shutdown.signal.throwIfAborted();
  settle({ AUTH_SECRET: authSecret(env()) });
  await bringUpToDate(url, shutdown.signal);
  const pool = connect(url);
  shutdown.add(() => pool.end());
  return url;
}

async function startApp({ dev, door, shutdown }: Omit<Served, "lanes">, lanes: readonly Lane[]): Promise<Handler> {
  // Next listens for upgrades on the server it is given: only hot reload needs them.
  const httpServer = dev ? door.server : createServer();
  await readConfigQuietly(dev);
  const app = next({ dev, dir: process.cwd(), hostname: "localhost", port: env().PORT, httpServer });
  await app.prepare();
  shutdown.add(() => app.close());
  const { frontDoor } = await import("@/lib/ingest/front-door");
  const pages = app.getRequestHandler();
  return (req, res) => {
    if (frontDoor(req, res)) return;
    named(req, res);
    // What a client wrote there itself is not to be believed further in.
    const forwarded = req.headers["x-forwarded-for"];
    const address = clientAddress({
      socket: req.socket.remoteAddress,
      forwarded: String(forwarded ?? "") || undefined,
      hops: env().TRUSTED_PROXY_HOPS,
    });
    req.headers["x-forwarded-for"] = address ?? "";
    if (refuseMethod(req, res) || takeLane(lanes, req, res)) return;
    pages(req, res).catch((error: unknown) => {
      log.error({ err: error }, "a page failed");
      res.destroy();
    });
  };
}
