import { firstNumber } from "@/lib/workflows/path";

/** `1`, `1.2`, `1.2.3` of `1.2.3`. */
function prefixesOf(path: string): string[] {
  const levels = path.split(".");
  return levels.map((_, at) => levels.slice(0, at + 1).join("."));
}

/**
 * Where each step of an instance has its bar begin: when the step before it on its branch arrived, or when the instance
 * began. Paths that part below the first number, such as 2.1 and 2.2, are branches beside each other: neither waits for
 * the other, and what has another first number waits for both. Steps are taken in the order in which they arrived.
 */
export class Branches {
  readonly #startedAt: number;
  /** The newest arrival of each path itself, and of each path with everything below it. */
  readonly #exact = new Map<string, number>();
  readonly #below = new Map<string, number>();
  #newest: { first: number; at: number } | null = null;
  /** The newest arrival of a path with another first number than the newest of all. */
  #newestOther: number | null = null;

  /** When the instance began, in epoch milliseconds like all times here. */
  constructor(startedAt: number) {
    this.#startedAt = startedAt;
  }

  /** Takes the next step, which arrived at `at`, and gives when its bar begins: never after it arrived. */
  take(path: string, at: number): number {
    const prefixes = path.includes(".") ? prefixesOf(path) : [path];
    const start = Math.min(at, this.#arrivalBefore(path, prefixes));
    this.#note(path, prefixes, at);
    return start;
  }

  #arrivalBefore(path: string, prefixes: string[]): number {
    const first = firstNumber(path);
    const elsewhere = this.#newest?.first === first ? this.#newestOther : this.#newest?.at;
    const above = prefixes.map((prefix) => this.#exact.get(prefix));
    const known = [...above, this.#below.get(path), elsewhere].filter((at) => at !== undefined && at !== null);
    return known.length === 0 ? this.#startedAt : Math.max(...known);
  }

  #note(path: string, prefixes: string[], at: number): void {
    const first = firstNumber(path);
    this.#exact.set(path, at);
    for (const prefix of prefixes) this.#below.set(prefix, at);
    if (this.#newest !== null && this.#newest.first !== first) this.#newestOther = this.#newest.at;
    this.#newest = { first, at };
  }
}
