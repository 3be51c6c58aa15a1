import type { Outcome } from "@/lib/channels/kind";
import { log } from "@/lib/log";
import { finish, type Verdict } from "./finish";
import { type Begun, begin, type Claimed } from "./outbox";
import { retryDelay } from "./retry";
import { type Way, wayOf } from "./way";

/** One attempt at a claimed delivery, from rendering to the mark. Never throws: what fails here is tried again later. */
export async function deliver(delivery: Claimed): Promise<void> {
  try {
    const verdict = await attempt(delivery);
    const isOurs = verdict !== null && (await finish(delivery, verdict));
    if (!isOurs) log.warn({ deliveryId: delivery.id }, "another process took this delivery over");
  } catch (error) {
    // The lease runs out and the delivery is due again.
    log.error({ err: error, deliveryId: delivery.id }, "a delivery broke off");
  }
}

async function attempt(delivery: Claimed): Promise<Verdict | null> {
  const way = await wayOf(delivery);
  if (typeof way === "string") return hopeless(way);
  const begun = await begin(delivery, delivery.message ?? rendered(delivery, way));
  if (begun === null) return null;
  const outcome = await send(delivery, way, begun);
  return delivery.event === "channel.test" ? verdictOfTest(outcome) : verdictOf(outcome, begun.attempts);
}

function hopeless(error: string): Verdict {
  return { status: "failed", responseStatus: null, error, counts: false, disable: null };
}

/** Null when it cannot be rendered; the attempt then fails like any other and is counted. */
function rendered({ alert, projectName }: Claimed, way: Way): object | null {
  try {
    return way.render(alert, projectName);
  } catch (error) {
    log.error({ err: error, alertId: alert.id }, "an alert could not be rendered");
    return null;
  }
}

async function send(delivery: Claimed, way: Way, { message, at }: Begun): Promise<Outcome> {
  const { id: deliveryId, projectSecret } = delivery;
  try {
    return await way.send(message, { deliveryId, at, projectSecret });
  } catch (error) {
    log.error({ err: error, deliveryId }, "a delivery could not be sent");
    return { result: "retry", status: null, error: way.failure, retryAfterMs: null };
  }
}

function verdictOf(outcome: Outcome, attempts: number): Verdict {
  if (outcome.result === "sent") return { status: "sent", responseStatus: outcome.status };
  const { status: responseStatus, error } = outcome;
  const disable = outcome.result === "gone" ? goneBecause(outcome) : null;
  if (outcome.result !== "retry") return { status: "failed", responseStatus, error, counts: true, disable };
  const delayMs = retryDelay({ attempts, random: Math.random(), retryAfterMs: outcome.retryAfterMs });
  if (delayMs === null) return { status: "failed", responseStatus, error, counts: true, disable };
  return { status: "pending", responseStatus, error, delayMs };
}

function goneBecause({ status, error }: { status: number | null; error: string }): string {
  return status === 410 ? "the receiver answered 410 Gone" : `the receiver no longer exists (${error})`;
}

/** A test is answered at once: it is tried once, and only a receiver that is gone speaks against the channel. */
function verdictOfTest(outcome: Outcome): Verdict {
  const verdict = verdictOf(outcome, Number.POSITIVE_INFINITY);
  return verdict.status === "failed" ? { ...verdict, counts: false } : verdict;
}
