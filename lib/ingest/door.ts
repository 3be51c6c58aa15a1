import { AppError } from "@/lib/core/errors";
import { isDatabaseAway } from "@/lib/db/failure";
import { log } from "@/lib/log";
import { touch } from "@/lib/sweeper/blackout";
import { createBatcher } from "./batcher";
import { commitSignals } from "./commit";
import type { Refusal } from "./grammar";
import type { Outcome, Signal } from "./signal";

/** What goes back to the client; the body is plain text. */
export type SignalAnswer = { status: number; text: string; headers: Record<string, string> };

const TEXT = { "Content-Type": "text/plain; charset=utf-8" };

const OUTCOMES: Record<Exclude<Outcome, "refused">, [number, string]> = {
  recorded: [200, "OK"],
  created: [201, "Created"],
  not_found: [404, "not found"],
  ambiguous: [409, "ambiguous slug"],
};

const submit = createBatcher({ commit: commitSignals, maxBatch: 500, maxInFlight: 2, maxWaiting: 20_000 });

/** Headers of an accepted signal; `bodyLimit` is in bytes. */
function accepted(bodyLimit: number): Record<string, string> {
  return {
    ...TEXT,
    "Access-Control-Allow-Origin": "*",
    "Cache-Control": "no-store",
    "Ping-Body-Limit": String(bodyLimit),
  };
}

/** The answer to a request line that needs no look at the database. */
export function refuse({ status, text }: Refusal): SignalAnswer {
  if (status === 204) {
    const preflight = {
      "Access-Control-Allow-Origin": "*",
      "Access-Control-Allow-Methods": "HEAD, GET, POST",
      "Access-Control-Max-Age": "86400",
    };
    return { status, text, headers: preflight };
  }
  return { status, text, headers: { ...TEXT, ...(status === 405 && { Allow: "HEAD, GET, POST, OPTIONS" }) } };
}

/** Takes a signal and answers after it is durable. Never throws: a failure is an answer too. */
export async function take(signal: Signal, bodyLimit: number): Promise<SignalAnswer> {
  try {
    const outcome = await submit(signal);
    touch("ingest");
    if (outcome === "refused") return { status: 400, text: signal.refusal ?? "", headers: TEXT };
    const [status, text] = OUTCOMES[outcome];
    return { status, text, headers: status < 300 ? accepted(bodyLimit) : TEXT };
  } catch (error) {
    return failed(error);
  }
}

function failed(error: unknown): SignalAnswer {
  if (error instanceof AppError)
    return { status: error.status, text: "try again later", headers: { ...TEXT, ...error.headers } };
  log.error({ err: error }, "signal not recorded");
  if (isDatabaseAway(error)) return { status: 503, text: "try again later", headers: { ...TEXT, "Retry-After": "5" } };
  return { status: 500, text: "something went wrong on our side", headers: TEXT };
}
