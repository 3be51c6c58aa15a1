import { configOf } from "@/lib/channels/config";
import { directKind } from "@/lib/channels/directs";
import type { AlertFacts, Attempt, Outcome } from "@/lib/channels/kind";
import { kindOf } from "@/lib/channels/registry";
import { log } from "@/lib/log";
import { directConfig } from "./direct";
import type { Claimed, ClaimedChannel, ClaimedDirect } from "./outbox";

/** How a delivery reaches whom it is for. Both may throw; `failure` then says so. */
export type Way = {
  render: (alert: AlertFacts, projectName: string) => object;
  send: (message: unknown, attempt: Attempt) => Promise<Outcome>;
  failure: string;
};

/** The way of a delivery; in words why there is none, or none any more. */
export async function wayOf(delivery: Claimed): Promise<Way | string> {
  return delivery.direct === null ? channelWay(delivery, delivery.channel) : directWay(delivery, delivery.direct);
}

function channelWay({ projectId, channelId, event }: Claimed, channel: ClaimedChannel | null): Way | string {
  if (channel === null || channelId === null) return "the channel was deleted";
  const { kind, name, config, enabled, disabledReason } = channel;
  if (!enabled && event !== "channel.test")
    return disabledReason ? `the channel is disabled: ${disabledReason}` : "the channel is disabled";
  return {
    render: (alert, projectName) => kindOf(kind).render(alert, { name, projectName }),
    send: async (message, attempt) =>
      kindOf(kind).send(message, configOf({ projectId, id: channelId, config }), attempt),
    failure: "the channel's settings cannot be read or used; save them again",
  };
}

async function directWay(delivery: Claimed, direct: ClaimedDirect): Promise<Way | string> {
  const kind = directKind(direct.kind);
  const moot = await kind.moot(delivery.alert);
  if (moot !== null) return moot;
  const config = readable(delivery, direct);
  if (config === null) return "what it takes to send it cannot be read; was AUTH_SECRET changed?";
  return {
    render: (alert, projectName) => kind.render(alert, { name: direct.recipient, projectName }),
    send: (message, attempt) => kind.send(message, config, attempt),
    failure: "it could not be sent",
  };
}

function readable(delivery: Claimed, { config }: ClaimedDirect): unknown {
  try {
    return directConfig(delivery, config);
  } catch (error) {
    log.error({ err: error, deliveryId: delivery.id }, "what a delivery is to be sent with cannot be read");
    return null;
  }
}
