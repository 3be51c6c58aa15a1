import cluster, { type Worker } from "node:cluster";
import { once } from "node:events";
import { log } from "@/lib/log";
import type { Shutdown } from "./shutdown";

const READY = "ready";
/** A worker that dies is replaced after this pause, so that one that cannot start does not keep a core busy. */
const REPLACE_AFTER_MS = 1000;

/** Whether this process is one of several that share the port. */
export function isWorker(): boolean {
  return cluster.isWorker;
}

/** Tells the first process that this one serves. */
export function tellReady(): void {
  process.send?.(READY);
}

/**
 * Starts `count` processes of this program that share the port, each with `settings`, and resolves when all of them
 * serve. One that dies is replaced. Rejects with one sentence when one ends before it served.
 */
export async function startWorkers(count: number, settings: Record<string, string>, shutdown: Shutdown): Promise<void> {
  const workers = new Set<Worker>();
  const fork = (): Worker => {
    const worker = cluster.fork(settings);
    workers.add(worker);
    worker.once("exit", (code, signal) => {
      workers.delete(worker);
      if (shutdown.signal.aborted) return;
      log.error({ code, signal }, "a worker died; another one takes its place");
      setTimeout(fork, REPLACE_AFTER_MS).unref();
    });
    return worker;
  };
  shutdown.add(() => stopAll([...workers]));
  await Promise.all(Array.from({ length: count }, () => served(fork())));
}

async function served(worker: Worker): Promise<void> {
  const said = await Promise.race([once(worker, "message"), once(worker, "exit").then(() => [])]);
  if (said[0] !== READY) throw new Error("A worker process ended before it served; its output is above.");
}

async function stopAll(workers: Worker[]): Promise<void> {
  const ended = workers.map((worker) => (worker.isDead() ? undefined : once(worker, "exit")));
  for (const worker of workers) worker.process.kill("SIGTERM");
  await Promise.all(ended);
}
