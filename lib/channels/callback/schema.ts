import { WebhookConfig, WebhookMessage } from "@/lib/channels/webhook/schema";

/** Where a decision is posted; the project's own secret signs it. */
export const CallbackConfig = WebhookConfig.pick({ url: true });
export const CallbackMessage = WebhookMessage;
