import { setTimeout as sleep } from "node:timers/promises";
import { deliverUntil } from "@/lib/alerts/deliver";
import { HOUR, MINUTE } from "@/lib/core/time";
import { tellDrifts } from "@/lib/costs/drift";
import { env } from "@/lib/env";
import { log } from "@/lib/log";
import { setSweepInterval } from "./blackout";
import { sweepPrices } from "./prices";
import { sweepDeadlines, sweepRetention } from "./sweep";

/** No round of a loop works longer than this before it looks whether it should stop. */
const ROUND_MS = 10_000;

type Job = { name: string; pauseMs: number; work: (deadline: number) => Promise<unknown> };

async function repeat({ name, pauseMs, work }: Job, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await work(performance.now() + ROUND_MS);
    } catch (error) {
      log.error({ err: error }, `${name} failed; trying again`);
    }
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
  }
}

/**
 * Runs the built-in scheduler in this process: deadlines, deliveries, retention, drifts and prices, each in a loop of its own, so that a
 * slow receiver delays no deadline. Does nothing when SWEEP_INTERVAL_MS is 0. `stop` resolves when all rounds have ended.
 */
export function startLoops(): { stop: () => Promise<void> } {
  const pauseMs = env().SWEEP_INTERVAL_MS;
  if (pauseMs > 0) setSweepInterval(pauseMs);
  const stopping = new AbortController();
  const jobs: Job[] = [
    { name: "sweep", pauseMs, work: sweepDeadlines },
    { name: "retention", pauseMs: MINUTE, work: sweepRetention },
    { name: "drifts", pauseMs: HOUR, work: tellDrifts },
    { name: "prices", pauseMs: MINUTE, work: sweepPrices },
  ];
  const { signal } = stopping;
  const loops = pauseMs === 0 ? [] : [...jobs.map((job) => repeat(job, signal)), deliverUntil(signal)];
  return {
    stop: async () => {
      stopping.abort();
      await Promise.all(loops);
    },
  };
}
