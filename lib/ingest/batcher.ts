import { AppError } from "@/lib/core/errors";
import { isDatabaseAway } from "@/lib/db/failure";
import type { BatchSeen } from "./batch-stats";

type Options<In, Out> = {
  /** Handles items together and resolves with one result each, in order. */
  commit: (items: In[]) => Promise<Out[]>;
  /** What an item locks. Items with one key are never in two batches at a time, where one would only wait for the other. */
  keyOf: (item: In) => string;
  maxBatch: number;
  maxInFlight: number;
  /** Items waiting beyond this are refused. */
  maxWaiting: number;
  /** Told of every batch that ended. */
  onBatch?: (seen: BatchSeen) => void;
};

type Waiting<In, Out> = {
  item: In;
  key: string;
  since: number;
  resolve: (result: Out) => void;
  reject: (error: unknown) => void;
};

export type Batcher<In, Out> = (item: In) => Promise<Out>;

/** The items that wait: those that may go, in order, and those whose key is in a batch that is under way. */
class Queue<W extends { key: string }> {
  #ready: W[] = [];
  readonly #parked = new Map<string, W[]>();
  size = 0;

  push(waiting: W): void {
    this.size += 1;
    this.#place(waiting);
  }

  /** Takes up to `limit` items that may go; their keys are busy until `release`. */
  take(limit: number): W[] {
    // What became ready before an earlier batch took its key waits for that batch.
    const batch: W[] = [];
    const keys = new Set<string>();
    let looked = 0;
    for (; looked < this.#ready.length && batch.length < limit; looked += 1) {
      const waiting = this.#ready[looked] as W; // within bounds
      const parked = keys.has(waiting.key) ? undefined : this.#parked.get(waiting.key);
      if (parked !== undefined) {
        parked.push(waiting);
        continue;
      }
      keys.add(waiting.key);
      this.#parked.set(waiting.key, []);
      batch.push(waiting);
    }
    this.#ready.splice(0, looked);
    this.size -= batch.length;
    return batch;
  }

  release(batch: W[]): void {
    for (const { key } of batch) {
      const parked = this.#parked.get(key);
      if (parked === undefined) continue;
      this.#parked.delete(key);
      for (const waiting of parked) this.#ready.push(waiting);
    }
  }

  #place(waiting: W): void {
    (this.#parked.get(waiting.key) ?? this.#ready).push(waiting);
  }
}

/**
 * Group commit: items that arrive while batches are under way share the next one, so that the cost of a commit is spread
 * without any item waiting for a timer. When a batch fails, its items are tried one by one, and only the culprit fails.
 * Rejects with `unavailable` when too many wait.
 */
export function createBatcher<In, Out>(options: Options<In, Out>): Batcher<In, Out> {
  const { commit, keyOf, maxBatch, maxInFlight, maxWaiting, onBatch } = options;
  const queue = new Queue<Waiting<In, Out>>();
  let inFlight = 0;
  let isPumpDue = false;

  const settle = async (batch: Waiting<In, Out>[]): Promise<void> => {
    try {
      const results = await commit(batch.map((waiting) => waiting.item));
      batch.forEach((waiting, index) => {
        waiting.resolve(results[index] as Out); // commit gives one result for each item
      });
    } catch (error) {
      await oneByOne(batch, error);
    }
  };

  const oneByOne = async (batch: Waiting<In, Out>[], error: unknown): Promise<void> => {
    const cannotBeTold = batch.length === 1 || isDatabaseAway(error);
    for (const waiting of batch) {
      if (cannotBeTold) waiting.reject(error);
      else await settle([waiting]);
    }
  };

  const work = async (batch: Waiting<In, Out>[]): Promise<void> => {
    const began = performance.now();
    await settle(batch);
    const oldest = batch[0]?.since ?? began;
    onBatch?.({ size: batch.length, waitedMs: began - oldest, tookMs: performance.now() - began });
  };

  const pump = (): void => {
    isPumpDue = false;
    while (inFlight < maxInFlight) {
      const batch = queue.take(maxBatch);
      if (batch.length === 0) return;
      inFlight += 1;
      void work(batch).finally(() => {
        inFlight -= 1;
        queue.release(batch);
        pump();
      });
    }
  };

  return (item) =>
    new Promise((resolve, reject) => {
      if (queue.size >= maxWaiting) {
        reject(new AppError("unavailable", "Too many signals are waiting.", { headers: { "Retry-After": "1" } }));
        return;
      }
      queue.push({ item, key: keyOf(item), since: performance.now(), resolve, reject });
      // After the current turn, so that signals read from several sockets in one turn share a batch from the start.
      if (!isPumpDue) setImmediate(pump);
      isPumpDue = true;
    });
}
