import { Webhook } from "standardwebhooks";
import { errorText } from "@/lib/channels/error-text";
import type { Attempt, Outcome } from "@/lib/channels/kind";
import { retryAfterMs } from "@/lib/channels/post";
import { FetchFailure, type SafeAnswer, safeFetch } from "@/lib/http/safe-fetch";
import type { WebhookConfig, WebhookMessage } from "./schema";

/** `hidden` is what the receiver might repeat and the log must not show. */
type Target = WebhookConfig & { hidden?: string[] };

/** One signed POST as Standard Webhooks asks for. The id stays the same over all attempts, the timestamp does not. */
export async function sendWebhook(message: WebhookMessage, config: Target, attempt: Attempt): Promise<Outcome> {
  const secret = config.secret ?? attempt.projectSecret;
  const headers = {
    ...config.headers,
    "Content-Type": "application/json",
    "webhook-id": attempt.deliveryId,
    "webhook-timestamp": String(Math.floor(attempt.at.getTime() / 1000)),
    "webhook-signature": new Webhook(secret).sign(attempt.deliveryId, attempt.at, message.body),
  };
  try {
    const answer = await safeFetch(config.url, { method: "POST", headers, body: message.body });
    return judge(answer, [secret, ...Object.values(config.headers ?? {}), ...(config.hidden ?? [])]);
  } catch (error) {
    if (!(error instanceof FetchFailure)) throw error;
    return { result: "retry", status: null, error: error.message, retryAfterMs: null };
  }
}

/** Only 2xx is success; a redirect is not followed and 410 means the receiver is gone (Standard Webhooks). */
function judge(answer: SafeAnswer, secrets: string[]): Outcome {
  const { status, text } = answer;
  if (status >= 200 && status < 300) return { result: "sent", status };
  const error = errorText(text === "" ? `HTTP ${status}` : `HTTP ${status}: ${text}`, secrets);
  if (status === 410) return { result: "gone", status, error };
  return { result: "retry", status, error, retryAfterMs: retryAfterMs(answer) };
}
