import { z } from "zod";
import { ServiceUrl } from "@/lib/channels/service-url";

export const SlackConfig = z.object({ webhook_url: ServiceUrl });
export type SlackConfig = z.infer<typeof SlackConfig>;

/** What the incoming webhook gets, stored with its delivery. `text` is what notifications show. */
export const SlackMessage = z.object({
  text: z.string(),
  blocks: z.array(z.record(z.string(), z.unknown())),
  unfurl_links: z.boolean(),
  unfurl_media: z.boolean(),
});
export type SlackMessage = z.infer<typeof SlackMessage>;
