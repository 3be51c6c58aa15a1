import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { bareEnvironment } from "@/lib/env";
import type { LoadPlan, LoadResult } from "./load-plan";

/** Nothing that is measured takes longer; what does is killed. */
const LIMIT_MS = 120_000;

/** Starts a program of this folder, with a channel to it, and waits until it says something: the first message. */
async function launch(
  program: URL,
  settings: Record<string, string>,
): Promise<{ child: ChildProcess; first: unknown }> {
  const child = fork(program, {
    execArgv: ["--import", "tsx"],
    env: { ...bareEnvironment(), ...settings },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  return { child, first: await nextMessage(child) };
}

const isRunning = (child: ChildProcess): boolean => child.exitCode === null && child.signalCode === null;

/** The next message of a child. Throws when it ends without one. */
async function nextMessage(child: ChildProcess): Promise<unknown> {
  const overdue = setTimeout(() => child.kill("SIGKILL"), LIMIT_MS);
  const given = new AbortController();
  try {
    return await Promise.race([
      once(child, "message", { signal: given.signal }).then(([message]) => message),
      once(child, "exit", { signal: given.signal }).then(([code]) => {
        throw new Error(`${child.spawnfile} ended with ${code} and no result`);
      }),
    ]);
  } finally {
    clearTimeout(overdue);
    given.abort();
  }
}

/** Hands a job to a program and gives its answer; the program ends by itself. */
async function ask<T>(program: URL, job: unknown): Promise<T> {
  const { child } = await launch(program, {});
  child.send(job as never);
  const answer = await nextMessage(child);
  if (isRunning(child)) await once(child, "exit");
  return answer as T; // each program answers with what its parent's type says
}

export const runLoad = (plan: LoadPlan): Promise<LoadResult> => ask(new URL("./load.ts", import.meta.url), plan);

/** What the one-statement-per-ping process is asked to do. */
export type StatementJob = { url: string; checkIds: string[]; connections: number; seconds: number; warmUpMs: number };

export const runStatements = (job: StatementJob): Promise<LoadResult> =>
  ask(new URL("./one-statement.ts", import.meta.url), job);

/** What the process of hostile clients is asked to do. */
export type HostileJob = { port: number; kind: string; target: string; seconds: number };

/** How many attacks of a kind were made. */
export const runHostile = (job: HostileJob): Promise<{ attacks: number }> =>
  ask(new URL("./hostile-clients.ts", import.meta.url), job);

/** What the process that sends traces is asked to do: so many batches of so many spans, of some services in turn. */
export type TracesJob = {
  port: number;
  key: string;
  format: "json" | "protobuf";
  batches: number;
  spansPerBatch: number;
  connections: number;
  services: number;
};
/** What came of it: latencies in milliseconds, sizes in bytes before compression. */
export type TracesResult = { spans: number; failures: number; perSecond: number; p99: number; bytesPerSpan: number };

export const runTraces = (job: TracesJob): Promise<TracesResult> =>
  ask(new URL("./traces-client.ts", import.meta.url), job);

export type Served = { port: number; stop: () => Promise<void> };

/** Starts a server of this folder. */
async function serve(program: URL, settings: Record<string, string>): Promise<Served> {
  const { child, first } = await launch(program, settings);
  const stop = async (): Promise<void> => {
    if (!isRunning(child)) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  };
  return { port: Number(first), stop };
}

export const serveBareHttp = (): Promise<Served> => serve(new URL("./bare-http.ts", import.meta.url), {});

export const serveNextAlone = (settings: Record<string, string>): Promise<Served> =>
  serve(new URL("./next-alone.ts", import.meta.url), settings);
