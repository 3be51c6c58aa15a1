import { configOf } from "@/lib/channels/config";
import type { Outcome } from "@/lib/channels/kind";
import { kindOf } from "@/lib/channels/registry";
import { log } from "@/lib/log";
import { finish, type Verdict } from "./finish";
import { type Begun, begin, type Claimed, type ClaimedChannel } from "./outbox";
import { retryDelay } from "./retry";

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
  const { channel } = delivery;
  const isTest = delivery.event === "channel.test";
  if (channel === null) return hopeless("the channel was deleted");
  if (!channel.enabled && !isTest)
    return hopeless(
      channel.disabledReason ? `the channel is disabled: ${channel.disabledReason}` : "the channel is disabled",
    );
  const begun = await begin(delivery, delivery.message ?? rendered(delivery, channel));
  if (begun === null) return null;
  const outcome = await send(delivery, channel, begun);
  return isTest ? verdictOfTest(outcome) : verdictOf(outcome, begun.attempts);
}

function hopeless(error: string): Verdict {
  return { status: "failed", responseStatus: null, error, counts: false, disable: null };
}

/** Null when it cannot be rendered; the attempt then fails like any other and is counted. */
function rendered({ alert, projectName }: Claimed, channel: ClaimedChannel): object | null {
  try {
    return kindOf(channel.kind).render(alert, { name: channel.name, projectName });
  } catch (error) {
    log.error({ err: error, alertId: alert.id }, "an alert could not be rendered");
    return null;
  }
}

async function send(delivery: Claimed, channel: ClaimedChannel, { message, at }: Begun): Promise<Outcome> {
  const { id: deliveryId, projectId, projectSecret, channelId } = delivery;
  try {
    const config = configOf({ projectId, id: channelId, config: channel.config });
    return await kindOf(channel.kind).send(message, config, { deliveryId, at, projectSecret });
  } catch (error) {
    log.error({ err: error, deliveryId }, "a channel could not send");
    return {
      result: "retry",
      status: null,
      error: "the channel's settings cannot be read or used; save them again",
      retryAfterMs: null,
    };
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
