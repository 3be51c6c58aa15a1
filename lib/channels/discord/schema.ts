import { z } from "zod";
import { ServiceUrl } from "@/lib/channels/service-url";

export const DiscordConfig = z.object({ webhook_url: ServiceUrl });
export type DiscordConfig = z.infer<typeof DiscordConfig>;

/** What the webhook gets, stored with its delivery. No mention in it reaches anybody. */
export const DiscordMessage = z.object({
  embeds: z.array(z.record(z.string(), z.unknown())),
  allowed_mentions: z.object({ parse: z.array(z.string()) }),
});
export type DiscordMessage = z.infer<typeof DiscordMessage>;
