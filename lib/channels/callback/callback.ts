import { defineKind } from "@/lib/channels/kind";
import { sendWebhook } from "@/lib/channels/webhook/send";
import { renderCallback } from "./render";
import { CallbackConfig, CallbackMessage } from "./schema";

const kind = defineKind({
  config: CallbackConfig,
  message: CallbackMessage,
  show: ({ url }) => ({ url: new URL(url).origin }),
  render: renderCallback,
  send: (message, { url }, attempt) => sendWebhook(message, { url, hidden: secretsOf(url) }, attempt),
});

/** The parts of a URL that may be a secret, in case the receiver repeats them. */
function secretsOf(text: string): string[] {
  const { pathname, search, searchParams } = new URL(text);
  const parts = [text, `${pathname}${search}`, search, ...pathname.split("/"), ...searchParams.values()];
  return parts.filter((part) => part.length >= 8);
}

/** The decision, posted to the address that the request for approval named. It is due however late it comes. */
export const callback = { ...kind, moot: async () => null };
