import { log } from "@/lib/log";

/** How often the database is asked, however many wait. */
const ROUND_MS = 50;

type Waiter<T> = (told: T | null) => void;
export type Patience = { ms: number; signal: AbortSignal };

/** What has come of those of these keys that have something to tell. */
type Ask<T> = (keys: string[]) => Promise<Iterable<readonly [key: string, told: T]>>;

/**
 * Everybody in this process who waits for something to be written. However many there are, the database is asked once a round,
 * and all who wait for the same are given the same answer. Nothing is asked while nobody waits.
 */
export class PolledWatch<T> {
  readonly #ask: Ask<T>;
  readonly #waiting = new Map<string, Set<Waiter<T>>>();
  #timer: NodeJS.Timeout | null = null;
  #isAsking = false;
  #isFailing = false;
  #isStopped = false;

  constructor(ask: Ask<T>) {
    this.#ask = ask;
  }

  get waiting(): number {
    return [...this.#waiting.values()].reduce((sum, waiters) => sum + waiters.size, 0);
  }

  /** What is told of `key`, once there is something; null when patience ends before, or this process does. */
  wait(key: string, { ms, signal }: Patience): Promise<T | null> {
    return new Promise((resolve) => {
      if (this.#isStopped || signal.aborted) return resolve(null);
      const done: Waiter<T> = (told) => {
        clearTimeout(timer);
        signal.removeEventListener("abort", leave);
        this.#leave(key, done);
        resolve(told);
      };
      const leave = (): void => done(null);
      const timer = setTimeout(leave, ms);
      signal.addEventListener("abort", leave, { once: true });
      const waiters = this.#waiting.get(key) ?? new Set();
      this.#waiting.set(key, waiters.add(done));
      this.#schedule();
    });
  }

  /** Answers everybody, also those still to come: nobody is kept waiting by a process that ends. */
  stop(): void {
    this.#isStopped = true;
    for (const waiters of this.#waiting.values()) for (const done of waiters) done(null);
  }

  #leave(key: string, waiter: Waiter<T>): void {
    const waiters = this.#waiting.get(key);
    waiters?.delete(waiter);
    if (waiters?.size === 0) this.#waiting.delete(key);
    if (this.#waiting.size > 0 || this.#timer === null) return;
    clearTimeout(this.#timer);
    this.#timer = null;
  }

  #schedule(): void {
    if (this.#timer !== null || this.#isAsking || this.#waiting.size === 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.#round();
    }, ROUND_MS);
  }

  async #round(): Promise<void> {
    this.#isAsking = true;
    try {
      for (const [key, told] of await this.#ask([...this.#waiting.keys()])) {
        for (const done of this.#waiting.get(key) ?? []) done(told);
      }
      this.#isFailing = false;
    } catch (error) {
      // Once, and not twenty times a second for as long as the database is away.
      if (!this.#isFailing) log.warn({ err: error }, "could not ask for what is waited for");
      this.#isFailing = true;
    } finally {
      this.#isAsking = false;
      this.#schedule();
    }
  }
}
