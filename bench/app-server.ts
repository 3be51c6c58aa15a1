import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { ServerProcess } from "@/lib/testing/server-process";

const SAMPLE_MS = 100;
const SECRET = "a-secret-for-the-benchmark-0123456789";

export const settingsFor = (databaseUrl: string): Record<string, string> => ({
  DATABASE_URL: databaseUrl,
  AUTH_SECRET: SECRET,
  ADMIN_PASSWORD: "for-the-benchmark",
  RATE_LIMITS: "off",
});

/** The resident memory of a process in megabytes (Linux only). */
export function residentMb(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
}

/** What a server says of its batches since the last time it was asked, when it counts them. */
export type BatchStats = Record<string, number>;

/** The real server on a database of the bench, watched. */
export class AppServer {
  readonly #process: ServerProcess;
  readonly #watch: NodeJS.Timeout;
  port = 0;
  maxResidentMb = 0;

  private constructor(databaseUrl: string, hook: string | undefined) {
    const options = hook === undefined ? {} : { NODE_OPTIONS: `--import ${new URL(hook, import.meta.url).href}` };
    this.#process = new ServerProcess({ ...settingsFor(databaseUrl), ...options });
    this.#watch = setInterval(() => this.#look(), SAMPLE_MS);
  }

  /** Starts it and waits until it answers. `hook` is a module of this folder to be loaded into it. */
  static async start(databaseUrl: string, hook = "./stats-hook.mjs"): Promise<AppServer> {
    const server = new AppServer(databaseUrl, hook);
    server.port = Number(new URL(await server.#process.ready()).port);
    return server;
  }

  /** Asks the hook for the batches since the last call; null when the server does not count them. */
  async batchStats(): Promise<BatchStats | null> {
    const seen = this.#process.stderr.length;
    this.signalHook();
    for (let attempt = 0; attempt < 20; attempt += 1) {
      await sleep(50);
      const said = /^batch-stats (.*)$/m.exec(this.#process.stderr.slice(seen))?.[1];
      if (said !== undefined) return JSON.parse(said) as BatchStats | null; // written by the hook
    }
    return null;
  }

  /** What it has said on standard error. */
  get said(): string {
    return this.#process.stderr;
  }

  signalHook(): void {
    process.kill(this.#process.pid, "SIGUSR2");
  }

  async stop(): Promise<void> {
    clearInterval(this.#watch);
    await this.#process.end("SIGTERM");
  }

  #look(): void {
    try {
      this.maxResidentMb = Math.max(this.maxResidentMb, residentMb(this.#process.pid));
    } catch {
      // it has ended
    }
  }
}
