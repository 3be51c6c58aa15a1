import type { LoadResult } from "./load-plan";

/** Counts answers and keeps their latencies. */
export class Tally {
  readonly #warmUpMs: number;
  readonly #latencies: number[] = [];
  readonly #others: Record<string, number> = {};
  readonly #cpuAtStart = process.cpuUsage();
  readonly startedAt = performance.now();
  #ok = 0;
  #answered = 0;
  #lastAt = this.startedAt;

  constructor(warmUpMs: number) {
    this.#warmUpMs = warmUpMs;
  }

  /** Notes an answer to what was sent, or due, at `sentAt`. */
  note(status: number, sentAt: number): void {
    this.#lastAt = performance.now();
    this.#answered += 1;
    if (status >= 200 && status < 300) this.#ok += 1;
    else this.#others[status] = (this.#others[status] ?? 0) + 1;
    if (this.#lastAt - this.startedAt >= this.#warmUpMs) this.#latencies.push(this.#lastAt - sentAt);
  }

  result(): LoadResult {
    const cpu = process.cpuUsage(this.#cpuAtStart);
    const sorted = Float64Array.from(this.#latencies).sort();
    const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
    const took = this.#lastAt - this.startedAt;
    return {
      ok: this.#ok,
      others: this.#others,
      perSecond: sorted.length / Math.max(0.001, (took - this.#warmUpMs) / 1000),
      p50: at(0.5),
      p99: at(0.99),
      max: at(1),
      seconds: took / 1000,
      cpuMicros: (cpu.user + cpu.system) / Math.max(1, this.#answered),
    };
  }
}
