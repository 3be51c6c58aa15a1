import { z } from "zod";
import { EVENT_TYPES } from "@/lib/alerts/events";
import { pageQuery } from "@/lib/core/page-query";
import { DiscordConfig } from "./discord/schema";
import { EmailConfig } from "./email/schema";
import { PagerdutyConfig } from "./pagerduty/schema";
import { SlackConfig } from "./slack/schema";
import { WebhookConfig } from "./webhook/schema";

/** What each kind of channel needs to know. */
export const CONFIGS = {
  email: EmailConfig,
  webhook: WebhookConfig,
  slack: SlackConfig,
  discord: DiscordConfig,
  pagerduty: PagerdutyConfig,
};
export type ChannelKind = keyof typeof CONFIGS;
// Object.keys gives string[]; the keys of a literal are its kinds.
export const CHANNEL_KINDS = Object.keys(CONFIGS) as ChannelKind[];

const Name = z
  .string("must be a name")
  .trim()
  .min(1, "must not be empty")
  .max(100, "must have at most 100 characters")
  .regex(/^\P{Cc}*$/u, "must not hold control characters");

/** Event types it wants, without repeats; empty means all but those in NOT_BY_DEFAULT. */
const Events = z
  .array(z.enum(EVENT_TYPES, `must be one of ${EVENT_TYPES.join(", ")}`))
  .transform((events) => [...new Set(events)]);

const common = { name: Name, events: Events.default([]) };

export const CreateChannel = z.discriminatedUnion(
  "kind",
  [
    z.object({ kind: z.literal("email"), config: CONFIGS.email, ...common }),
    z.object({ kind: z.literal("webhook"), config: CONFIGS.webhook, ...common }),
    z.object({ kind: z.literal("slack"), config: CONFIGS.slack, ...common }),
    z.object({ kind: z.literal("discord"), config: CONFIGS.discord, ...common }),
    z.object({ kind: z.literal("pagerduty"), config: CONFIGS.pagerduty, ...common }),
  ],
  `must be one of ${CHANNEL_KINDS.join(", ")}`,
);
export type CreateChannel = z.infer<typeof CreateChannel>;

/** A merge patch (RFC 7396): `config` keeps what it does not name, null removes, and a masked value stays as it is. */
export const UpdateChannel = z.object({
  name: Name.optional(),
  config: z.record(z.string(), z.unknown()).optional(),
  events: Events.optional(),
  enabled: z.boolean("must be true or false").optional(),
});
export type UpdateChannel = z.infer<typeof UpdateChannel>;

export const ChannelId = z.object({ id: z.uuid() });

export const ListChannels = z.object(pageQuery);
export type ListChannels = z.infer<typeof ListChannels>;

export const Channel = z.object({
  id: z.string(),
  kind: z.enum(CHANNEL_KINDS),
  name: z.string(),
  /** Without secrets: header values, URLs of services and keys are masked, a webhook's secret shows as `has_secret`. */
  config: z.record(z.string(), z.unknown()),
  events: z.array(z.string()),
  enabled: z.boolean(),
  disabled_reason: z.string().nullable(),
  failing_since: z.string().nullable(),
  created_at: z.string(),
});
export type Channel = z.infer<typeof Channel>;
