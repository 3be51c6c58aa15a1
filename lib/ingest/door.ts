import { AppError } from "@/lib/core/errors";
import { createLimiter } from "@/lib/core/rate-limit";
import { isDatabaseAway } from "@/lib/db/failure";
import { env } from "@/lib/env";
import { log } from "@/lib/log";
import { touch } from "@/lib/sweeper/blackout";
import { createBatchStats } from "./batch-stats";
import { createBatcher } from "./batcher";
import { commitSignals } from "./commit";
import type { Verdict } from "./dialect";
import { type Signal, subjectOf } from "./signal";

/** Signals a minute to one subject: past the first number the history is thinned, past the second they are refused. */
const THIN_ABOVE = 600;
const REFUSE_ABOVE = 6000;

const submit = createBatcher({
  commit: commitSignals,
  keyOf: (signal: Signal) => subjectOf(signal.target),
  maxBatch: 500,
  shareAbove: 64,
  maxInFlight: 3,
  maxWaiting: 20_000,
  onBatch: createBatchStats(),
});
const limit = createLimiter({ name: "signal", requests: REFUSE_ABOVE, windowSeconds: 60 });

/** Takes a signal; resolves after it is durable. Never throws: a failure is a verdict too. */
export async function take(signal: Signal): Promise<Verdict> {
  try {
    if (env().RATE_LIMITS === "off") return await record(signal);
    const rate = await limit(subjectOf(signal.target));
    if (rate.exceeded) return { is: "limited", headers: rate.headers };
    return await record(rate.used > THIN_ABOVE ? { ...signal, thinned: true } : signal);
  } catch (error) {
    return failed(error);
  }
}

async function record(signal: Signal): Promise<Verdict> {
  const outcome = await submit(signal);
  touch("ingest");
  return outcome;
}

function failed(error: unknown): Verdict {
  if (error instanceof AppError && error.code === "unavailable") return { is: "unavailable", retryAfter: 1 };
  if (isDatabaseAway(error)) {
    complain(error);
    return { is: "unavailable", retryAfter: 5 };
  }
  log.error({ err: error }, "signal not recorded");
  return { is: "failed" };
}

let complainedAt = Number.NEGATIVE_INFINITY;

/** Once a second is enough while every signal fails for the same reason. */
function complain(error: unknown): void {
  if (performance.now() - complainedAt < 1000) return;
  complainedAt = performance.now();
  log.error({ err: error }, "the database is away; signals are answered 503");
}
