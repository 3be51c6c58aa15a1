import type { AlertFacts } from "@/lib/channels/kind";
import type { WebhookMessage } from "@/lib/channels/webhook/schema";

/** The payload of Standard Webhooks with the approval as its own API shows it, and nothing else. */
export function renderCallback({ type, occurredAt, data }: AlertFacts): WebhookMessage {
  return { body: JSON.stringify({ type, timestamp: occurredAt.toISOString(), data }) };
}
