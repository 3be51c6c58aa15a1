import { z } from "zod";
import { defineKind, type Outcome } from "@/lib/channels/kind";
import { MASK } from "@/lib/channels/merge";
import { postJson } from "@/lib/channels/post";
import { foreignHost, secretsOf } from "@/lib/channels/service-host";
import { renderDiscord } from "./render";
import { DiscordConfig, DiscordMessage } from "./schema";

const HOSTS = ["discord.com", "discordapp.com", "ptb.discord.com", "canary.discord.com"];
/** Discord's error code of a webhook that was deleted. */
const UNKNOWN_WEBHOOK = 10_015;

const Refusal = z.object({ code: z.number() });

function isUnknownWebhook(text: string): boolean {
  try {
    return Refusal.safeParse(JSON.parse(text)).data?.code === UNKNOWN_WEBHOOK;
  } catch {
    return false;
  }
}

/** Without `wait` Discord would say yes before it has looked at the message. */
function waiting(webhookUrl: string): string {
  const url = new URL(webhookUrl);
  url.searchParams.set("wait", "true");
  return url.href;
}

function send(content: DiscordMessage, { webhook_url: url }: DiscordConfig): Promise<Outcome> {
  return postJson({
    url: waiting(url),
    content,
    secrets: [waiting(url), ...secretsOf(url)],
    isGone: ({ status, text }) => status === 410 || (status === 404 && isUnknownWebhook(text)),
  });
}

export const discord = defineKind({
  config: DiscordConfig,
  message: DiscordMessage,
  show: () => ({ webhook_url: MASK }),
  objection: ({ webhook_url: url }) => foreignHost(url, HOSTS, "https://discord.com/"),
  render: renderDiscord,
  send,
});
