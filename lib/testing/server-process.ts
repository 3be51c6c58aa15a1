import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { bareEnvironment } from "@/lib/env";

/** As `npm start` runs it. The limit keeps memory small: V8 lets garbage grow with what it may use. */
export const SERVER = ["--max-old-space-size=512", "--import", "tsx", "server.ts"];

/** Blank counts as unset, and keeps a developer's `.env` file out. */
const BLANK = { DATABASE_URL: "", AUTH_SECRET: "", BASE_URL: "", DATA_DIR: "", ADMIN_EMAIL: "", ADMIN_PASSWORD: "" };

/** The real server as a process of its own, on a free port unless told otherwise. */
export class ServerProcess {
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  readonly #exit: Promise<[number | null, NodeJS.Signals | null]>;
  stdout = "";
  stderr = "";

  constructor(settings: Record<string, string>, program = SERVER) {
    this.#child = spawn(process.execPath, program, {
      env: { ...bareEnvironment(), ...BLANK, HOST: "127.0.0.1", PORT: "0", ...settings },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child.stdout.on("data", (chunk) => (this.stdout += chunk));
    this.#child.stderr.on("data", (chunk) => (this.stderr += chunk));
    this.#exit = once(this.#child, "close") as Promise<[number | null, NodeJS.Signals | null]>; // documented arguments
  }

  get pid(): number {
    return this.#child.pid ?? Number.NaN;
  }

  /** The first match of `pattern` on its standard output. Throws what it said when it ends without one. */
  says(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((seen, failed) => {
      const look = (): void => {
        const match = pattern.exec(this.stdout);
        if (match !== null) seen(match);
      };
      this.#child.stdout.on("data", look);
      this.#exit.then(() => failed(new Error(`The server ended: ${this.stdout}${this.stderr}`)), failed);
      look();
    });
  }

  /** Its origin, once it has printed that it is ready. */
  async ready(): Promise<string> {
    const [, origin] = await this.says(/^pulsetrail ready at (.+)$/m);
    return String(origin);
  }

  /** Its exit code, or the signal that ended it. */
  async exit(): Promise<number | NodeJS.Signals | null> {
    const [code, signal] = await this.#exit;
    return code ?? signal;
  }

  /** Sends a signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null> {
    this.#child.kill(signal);
    return this.exit();
  }
}
