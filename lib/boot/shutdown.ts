import { log } from "@/lib/log";

const LIMIT_MS = 20_000;
/** npm passes a Ctrl-C on although the terminal sent it to us too: two signals this close are one. */
const ECHO_MS = 300;

type Step = () => Promise<unknown>;

/** What must be stopped, in order. */
export class Shutdown {
  readonly #steps: Step[] = [];
  readonly #abort = new AbortController();

  /** Aborted at the first signal, so that a start in progress ends early. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Adds something to stop; the last one added is stopped first. */
  add(step: Step): void {
    this.#steps.push(step);
  }

  /** Stops everything. A step that fails is logged and does not keep the others from running. */
  async run(): Promise<void> {
    for (let step = this.#steps.pop(); step !== undefined; step = this.#steps.pop()) {
      await step().catch((error: unknown) => log.error({ err: error }, "a part did not stop cleanly"));
    }
  }

  /** At SIGTERM or SIGINT: waits for the start to end, stops everything, exits with 0. A second signal exits at once. */
  onSignal(started: () => Promise<unknown>): void {
    let firstAt: number | undefined;
    const stop = async (signal: NodeJS.Signals): Promise<void> => {
      if (firstAt !== undefined) {
        if (performance.now() - firstAt > ECHO_MS) process.exit(signal === "SIGINT" ? 130 : 143);
        return;
      }
      firstAt = performance.now();
      setTimeout(() => process.exit(1), LIMIT_MS).unref();
      this.#abort.abort();
      await started().catch(() => undefined); // it reports by itself
      await this.run();
      process.exit(0);
    };
    process.on("SIGTERM", stop).on("SIGINT", stop);
  }
}
