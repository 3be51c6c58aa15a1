import { readFileSync } from "node:fs";
import { ServerProcess } from "@/lib/testing/server-process";

const SAMPLE_MS = 100;
const SECRET = "a-secret-for-the-benchmark-0123456789";

/** The host on which signal addresses live at the root. */
export const PING_HOST = "pings.bench.example";

export const settingsFor = (databaseUrl: string): Record<string, string> => ({
  DATABASE_URL: databaseUrl,
  AUTH_SECRET: SECRET,
  ADMIN_PASSWORD: "for-the-benchmark",
  RATE_LIMITS: "off",
  PING_HOST,
});

/** The resident memory of a process in megabytes (Linux only). */
export function residentMb(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
}

/** The real server on a database of the bench, watched. */
export class AppServer {
  readonly #process: ServerProcess;
  readonly #watch: NodeJS.Timeout;
  #peakMb = 0;
  port = 0;

  private constructor(settings: Record<string, string>) {
    this.#process = new ServerProcess(settings);
    this.#watch = setInterval(() => this.#look(), SAMPLE_MS);
  }

  /** Starts it with further settings, if any, and waits until it answers. */
  static async start(databaseUrl: string, settings: Record<string, string> = {}): Promise<AppServer> {
    const server = new AppServer({ ...settingsFor(databaseUrl), ...settings });
    server.port = Number(new URL(await server.#process.ready()).port);
    return server;
  }

  /** The most resident memory, in megabytes, it was seen with since the last call. */
  takePeakMb(): number {
    this.#look();
    const peak = this.#peakMb;
    this.#peakMb = 0;
    return peak;
  }

  /** Waits until it has said this on standard output. */
  says(pattern: RegExp): Promise<RegExpExecArray> {
    return this.#process.says(pattern);
  }

  /** Everything it has said on standard output. */
  get said(): string {
    return this.#process.stdout;
  }

  /** Wakes the hook that was loaded into it. */
  signalHook(): void {
    process.kill(this.#process.pid, "SIGUSR2");
  }

  async stop(): Promise<void> {
    clearInterval(this.#watch);
    await this.#process.end("SIGTERM");
  }

  #look(): void {
    try {
      this.#peakMb = Math.max(this.#peakMb, residentMb(this.#process.pid));
    } catch {
      // it has ended
    }
  }
}
