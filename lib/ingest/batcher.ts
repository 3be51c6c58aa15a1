import { AppError } from "@/lib/core/errors";
import { isDatabaseAway } from "@/lib/db/failure";
import type { BatchSeen } from "./batch-stats";

type Options<In, Out> = {
  /** Handles items together and resolves with one result each, in order. */
  commit: (items: In[]) => Promise<Out[]>;
  maxBatch: number;
  maxInFlight: number;
  /** Items waiting beyond this are refused. */
  maxWaiting: number;
  /** Told of every batch that ended. */
  onBatch?: (seen: BatchSeen) => void;
};

type Waiting<In, Out> = { item: In; since: number; resolve: (result: Out) => void; reject: (error: unknown) => void };

export type Batcher<In, Out> = (item: In) => Promise<Out>;

/**
 * Group commit: items that arrive while a batch is under way share the next one, so that the cost of a commit is spread
 * without any item waiting for a timer. When a batch fails, its items are tried one by one, and only the culprit fails.
 * Rejects with `unavailable` when too many wait.
 */
export function createBatcher<In, Out>({
  commit,
  maxBatch,
  maxInFlight,
  maxWaiting,
  onBatch,
}: Options<In, Out>): Batcher<In, Out> {
  const queue: Waiting<In, Out>[] = [];
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
    while (inFlight < maxInFlight && queue.length > 0) {
      inFlight += 1;
      void work(queue.splice(0, maxBatch)).finally(() => {
        inFlight -= 1;
        pump();
      });
    }
  };

  return (item) =>
    new Promise((resolve, reject) => {
      if (queue.length >= maxWaiting) {
        reject(new AppError("unavailable", "Too many signals are waiting.", { headers: { "Retry-After": "1" } }));
        return;
      }
      queue.push({ item, since: performance.now(), resolve, reject });
      // After the current turn, so that signals read from several sockets in one turn share a batch from the start.
      if (!isPumpDue) setImmediate(pump);
      isPumpDue = true;
    });
}
