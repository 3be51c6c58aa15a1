import { AppError } from "@/lib/core/errors";
import { createLimiter } from "@/lib/core/rate-limit";
import { createBatcher } from "@/lib/db/batcher";
import { isDatabaseAway } from "@/lib/db/failure";
import { env } from "@/lib/env";
import { log } from "@/lib/log";
import { touch } from "@/lib/sweeper/blackout";
import { createBatchStats } from "./batch-stats";
import { commitSignals } from "./commit";
import type { Unable } from "./dialect";
import { type Outcome, type Signal, subjectOf } from "./signal";
import { commitStages, type StageOutcome } from "./stages/commit-stages";
import { type StageSignal, subjectOf as stageSubject } from "./stages/stage-signal";

/** Signals a minute to one subject: past the first number the history is thinned, past the second they are refused. */
const THIN_ABOVE = 600;
const REFUSE_ABOVE = 6000;

/** Bytes of bodies that are stored together. */
const MAX_BATCH_BYTES = 8_000_000;
const limit = createLimiter({ name: "signal", requests: REFUSE_ABOVE, windowSeconds: 60 });

type Door<S, O> = {
  /** Stores signals together and gives the outcome of each, in order. */
  commit: (signals: S[]) => Promise<O[]>;
  /** What signals are counted by, and what their batches lock. */
  limitedBy: (signal: S) => string;
  keyOf: (signal: S) => string;
  /** Bytes of its body, where bodies may be large. */
  weightOf?: (signal: S) => number;
  /** The same signal, of which no row is needed. */
  thin: (signal: S) => S;
};

/** Takes signals of one kind; resolves after they are durable. Never throws: a failure is a verdict too. */
function open<S, O>({ commit, limitedBy, keyOf, thin, weightOf }: Door<S, O>): (signal: S) => Promise<O | Unable> {
  const submit = createBatcher({
    commit,
    keyOf,
    ...(weightOf !== undefined && { weightOf, maxWeight: MAX_BATCH_BYTES }),
    maxBatch: 500,
    shareAbove: 64,
    maxInFlight: 3,
    maxWaiting: 20_000,
    onBatch: createBatchStats(),
  });
  const record = async (signal: S): Promise<O> => {
    const outcome = await submit(signal);
    touch("ingest");
    return outcome;
  };
  return async (signal) => {
    try {
      if (env().RATE_LIMITS === "off") return await record(signal);
      const rate = await limit(limitedBy(signal));
      if (rate.exceeded) return { is: "limited", headers: rate.headers };
      return await record(rate.used > THIN_ABOVE ? thin(signal) : signal);
    } catch (error) {
      return failed(error);
    }
  };
}

/** Takes a signal to a check. */
export const take = open<Signal, Outcome>({
  commit: commitSignals,
  limitedBy: (signal) => subjectOf(signal.target),
  keyOf: (signal) => subjectOf(signal.target),
  thin: (signal) => ({ ...signal, thinned: true }),
});

/** Takes a stage of a workflow. */
export const takeStage = open<StageSignal, StageOutcome>({
  commit: commitStages,
  limitedBy: stageSubject,
  keyOf: ({ key, workflowId }) => `${key}/${workflowId}`,
  weightOf: ({ bytes }) => bytes,
  thin: (signal) => ({ ...signal, report: { ...signal.report, isThinned: true } }),
});

function failed(error: unknown): Unable {
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
