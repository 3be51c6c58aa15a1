import { AppError } from "@/lib/core/errors";
import { isDatabaseAway } from "./failure";

/** One batch: how many items it had, how long the oldest had waited, and how long it took to commit. */
export type BatchSeen = { size: number; waitedMs: number; tookMs: number };

type Options<In, Out> = {
  /** Handles items together and resolves with one result each, in order. */
  commit: (items: In[]) => Promise<Out[]>;
  /** What an item locks. No batch is begun whose items mostly have keys of batches under way, where it would only wait. */
  keyOf: (item: In) => string;
  maxBatch: number;
  /** What an item weighs, and how much may go together; one that is heavier goes alone. */
  weightOf?: (item: In) => number;
  maxWeight?: number;
  /** So many items go together; only above it are those that wait divided among the batches that may be begun. */
  shareAbove: number;
  maxInFlight: number;
  /** Items waiting beyond this are refused. */
  maxWaiting: number;
  /** Told of every batch that ended. */
  onBatch?: (seen: BatchSeen) => void;
};

type Waiting<In, Out> = {
  item: In;
  key: string;
  weight: number;
  since: number;
  resolve: (result: Out) => void;
  reject: (error: unknown) => void;
};

export type Batcher<In, Out> = (item: In) => Promise<Out>;

/** The items that wait, in order, and the keys that batches under way have locked. */
class Queue<W extends { key: string; weight: number }> {
  #waiting: W[] = [];
  readonly #maxWeight: number;
  /** How many items of batches under way have a key. */
  readonly #busy = new Map<string, number>();

  constructor(maxWeight: number) {
    this.#maxWeight = maxWeight;
  }

  get size(): number {
    return this.#waiting.length;
  }

  push(waiting: W): void {
    this.#waiting.push(waiting);
  }

  /** Takes up to `limit` items, whose keys are busy until `release`; none when most of them would only wait for a lock. */
  take(limit: number): W[] {
    if (this.#isMostlyBusy(limit)) return [];
    const batch = this.#waiting.splice(0, this.#lightest(limit));
    for (const { key } of batch) this.#busy.set(key, (this.#busy.get(key) ?? 0) + 1);
    return batch;
  }

  release(batch: W[]): void {
    for (const { key } of batch) {
      const others = (this.#busy.get(key) ?? 1) - 1;
      if (others === 0) this.#busy.delete(key);
      else this.#busy.set(key, others);
    }
  }

  /** How many of the first may go together by their weight, at least one. */
  #lightest(limit: number): number {
    if (this.#maxWeight === Number.POSITIVE_INFINITY) return limit;
    let weight = 0;
    for (let index = 0; index < Math.min(limit, this.#waiting.length); index += 1) {
      weight += this.#waiting[index]?.weight ?? 0;
      if (weight > this.#maxWeight) return Math.max(1, index);
    }
    return limit;
  }

  #isMostlyBusy(limit: number): boolean {
    const looked = Math.min(limit, this.#waiting.length);
    let busy = 0;
    for (let index = 0; index < looked; index += 1) {
      const key = this.#waiting[index]?.key;
      if (key !== undefined && this.#busy.has(key)) busy += 1;
    }
    return busy * 2 > looked;
  }
}

/**
 * Group commit: items that arrive while batches are under way share the next one, so that the cost of a commit is spread
 * without any item waiting for a timer. When a batch fails, its items are tried one by one, and only the culprit fails.
 * Rejects with `unavailable` when too many wait.
 */
export function createBatcher<In, Out>(options: Options<In, Out>): Batcher<In, Out> {
  const { commit, keyOf, maxBatch, shareAbove, maxInFlight, maxWaiting, onBatch } = options;
  const { weightOf = () => 0, maxWeight = Number.POSITIVE_INFINITY } = options;
  const queue = new Queue<Waiting<In, Out>>(maxWeight);
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
      // Many waiting items are spread over the free slots: nothing would be prepared while one large batch is flushed.
      const share = Math.ceil(queue.size / (maxInFlight - inFlight));
      const batch = queue.take(Math.min(Math.max(share, shareAbove), maxBatch));
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
      queue.push({ item, key: keyOf(item), weight: weightOf(item), since: performance.now(), resolve, reject });
      // After the current turn, so that signals read from several sockets in one turn share a batch from the start.
      if (!isPumpDue) setImmediate(pump);
      isPumpDue = true;
    });
}
