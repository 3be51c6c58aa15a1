import type { BatchSeen } from "@/lib/db/batcher";
import { log } from "@/lib/log";

const REPORT_MS = 10_000;

type Totals = { batches: number; items: number; largest: number; waitedMs: number; tookMs: number };

const none = (): Totals => ({ batches: 0, items: 0, largest: 0, waitedMs: 0, tookMs: 0 });

const mean = (sum: number, count: number): number => Math.round((100 * sum) / count) / 100;

/**
 * Collects what batches are like and logs a line (level `info`) at most every ten seconds while there are any: batches,
 * signals, mean and largest size, mean wait of the oldest signal and mean time to commit, both in milliseconds.
 */
export function createBatchStats(): (seen: BatchSeen) => void {
  let totals = none();
  const report = (): void => {
    const { batches, items, largest, waitedMs, tookMs } = totals;
    totals = none();
    const means = { size: mean(items, batches), waitMs: mean(waitedMs, batches), tookMs: mean(tookMs, batches) };
    log.info({ batches, signals: items, largest, ...means }, "signal batches");
  };
  return ({ size, waitedMs, tookMs }) => {
    totals.batches += 1;
    totals.items += size;
    totals.largest = Math.max(totals.largest, size);
    totals.waitedMs += waitedMs;
    totals.tookMs += tookMs;
    if (totals.batches === 1) setTimeout(report, REPORT_MS).unref();
  };
}
