import { IconBrandDiscord, IconBrandSlack, IconMail, IconUrgent, IconWebhook } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { ChannelKind } from "@/lib/channels/schema";

type Field = {
  name: string;
  label: string;
  placeholder?: string;
  description?: string;
  isOptional?: boolean;
  /** Shown as a mask once stored; left empty it stays. */
  isSecret?: boolean;
  isLong?: boolean;
};

type KindFacts = { label: string; summary: string; icon: ReactNode; guide: string[]; fields: Field[] };

const ICON = { size: 22, stroke: 1.6, "aria-hidden": true } as const;

/** What people read about each kind of channel, and what it asks them for. */
export const KIND_FACTS: Record<ChannelKind, KindFacts> = {
  email: {
    label: "E-mail",
    summary: "One mail for each alert; an outage and its end share a thread.",
    icon: <IconMail {...ICON} />,
    guide: [
      "Enter one address. For several people use the address of a group or a list.",
      "Save, then send a test and look into the inbox, and into the spam folder.",
    ],
    fields: [{ name: "to", label: "Send to", placeholder: "ops@example.com" }],
  },
  slack: {
    label: "Slack",
    summary: "Messages in one Slack channel.",
    icon: <IconBrandSlack {...ICON} />,
    guide: [
      "At api.slack.com/apps create an app for your workspace, or open one you have.",
      "Under Incoming Webhooks switch them on, then choose Add New Webhook to Workspace.",
      "Pick the channel for alerts, allow it, and copy the webhook URL.",
    ],
    fields: [
      {
        name: "webhook_url",
        label: "Webhook URL",
        placeholder: "https://hooks.slack.com/services/…",
        description: "Whoever knows it can post there. It is stored encrypted and not shown again.",
        isSecret: true,
      },
    ],
  },
  discord: {
    label: "Discord",
    summary: "Messages in one Discord channel.",
    icon: <IconBrandDiscord {...ICON} />,
    guide: [
      "In Discord open the settings of the channel for alerts, then Integrations and Webhooks.",
      "Choose New Webhook, give it a name, and copy its URL.",
    ],
    fields: [
      {
        name: "webhook_url",
        label: "Webhook URL",
        placeholder: "https://discord.com/api/webhooks/…",
        description: "Whoever knows it can post there. It is stored encrypted and not shown again.",
        isSecret: true,
      },
    ],
  },
  pagerduty: {
    label: "PagerDuty",
    summary: "An incident when something breaks; it is resolved when all is well again.",
    icon: <IconUrgent {...ICON} />,
    guide: [
      "In PagerDuty open the service that should be paged, then Integrations.",
      "Add the integration Events API V2 and copy its integration key.",
    ],
    fields: [
      {
        name: "routing_key",
        label: "Integration key",
        placeholder: "32 letters and digits",
        description: "It is stored encrypted and not shown again.",
        isSecret: true,
      },
    ],
  },
  webhook: {
    label: "Webhook",
    summary: "A signed POST to an address of yours.",
    icon: <IconWebhook {...ICON} />,
    guide: [
      "Enter an address that takes a POST with JSON and answers 2xx within 15 seconds.",
      "Check the signature by the rules of Standard Webhooks, and drop repeats by the header webhook-id.",
    ],
    fields: [
      { name: "url", label: "URL", placeholder: "https://example.com/alerts" },
      {
        name: "secret",
        label: "Signing secret",
        placeholder: "whsec_…",
        description: "Without one the secret of the project signs.",
        isOptional: true,
        isSecret: true,
      },
      {
        name: "headers",
        label: "Extra headers",
        placeholder: "Authorization: Bearer …",
        description: "One on each line.",
        isOptional: true,
        isLong: true,
      },
    ],
  },
};
