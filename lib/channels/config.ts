import { seal, unseal } from "@/lib/auth/sealed";
import { log } from "@/lib/log";

type Place = { projectId: string; id: string };

const place = ({ projectId, id }: Place) => `channel/${projectId}/${id}`;

/** A channel's config as it is stored. */
export function sealedConfig(channel: Place, config: unknown): Uint8Array<ArrayBuffer> {
  return seal(config, place(channel));
}

/** A stored config in clear, or null when it cannot be read; saving it whole mends it. */
export function readableConfig(channel: Place & { config: Uint8Array }): unknown {
  try {
    return configOf(channel);
  } catch (error) {
    log.error(
      { err: error, channelId: channel.id },
      "a channel's config cannot be read; is AUTH_SECRET still the same?",
    );
    return null;
  }
}

/** A stored config in clear. Throws when the application's secret is not the one that sealed it. */
export function configOf(channel: Place & { config: Uint8Array }): unknown {
  return unseal(channel.config, place(channel));
}
