import { z } from "zod";

export const PagerdutyConfig = z.object({
  routing_key: z
    .string("must be an integration key")
    .trim()
    .regex(/^[A-Za-z0-9]{32}$/, "must be the 32 letters and digits of an integration key"),
});
export type PagerdutyConfig = z.infer<typeof PagerdutyConfig>;

const Event = z.looseObject({ event_action: z.enum(["trigger", "resolve"]), dedup_key: z.string() });

/** Events to send in this order, stored with their delivery without the routing key. */
export const PagerdutyMessage = z.object({ events: z.array(Event) });
export type PagerdutyMessage = z.infer<typeof PagerdutyMessage>;
