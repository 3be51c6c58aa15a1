import { defineKind } from "@/lib/channels/kind";
import { MASK } from "@/lib/channels/merge";
import { isAllowedUrl } from "@/lib/http/safe-fetch";
import { renderWebhook } from "./render";
import { WebhookConfig, WebhookMessage } from "./schema";
import { sendWebhook } from "./send";

export const webhook = defineKind({
  config: WebhookConfig,
  message: WebhookMessage,
  show: ({ url, secret, headers = {} }) => ({
    url,
    has_secret: secret !== undefined,
    headers: Object.fromEntries(Object.keys(headers).map((name) => [name, MASK])),
  }),
  objection: ({ url }) => (isAllowedUrl(new URL(url)) ? null : { name: "config.url", reason: "address not allowed" }),
  render: renderWebhook,
  send: sendWebhook,
});
