import type { AlertFacts } from "@/lib/channels/kind";
import type { WebhookMessage } from "./schema";

/** The payload of Standard Webhooks: what happened, when, and the facts of the alert. */
export function renderWebhook(alert: AlertFacts): WebhookMessage {
  const facts = typeof alert.data === "object" ? alert.data : {};
  const { id, severity, subject, message } = alert;
  return {
    body: JSON.stringify({
      type: alert.type,
      timestamp: alert.occurredAt.toISOString(),
      data: { ...facts, alert_id: id, project_id: alert.projectId, severity, subject, message },
    }),
  };
}
