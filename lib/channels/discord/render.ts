import { isGoodNews } from "@/lib/alerts/events";
import { labelOf } from "@/lib/alerts/subject-line";
import { withoutLinks } from "@/lib/channels/approval-facts";
import { factsOf } from "@/lib/channels/facts";
import type { AlertFacts, ChannelFacts } from "@/lib/channels/kind";
import { detailsLink } from "@/lib/channels/link";
import { fitted, oneLine } from "@/lib/channels/text";
import type { DiscordMessage } from "./schema";

// An embed takes 256 in a title, 4,096 in its description, 25 fields of 1,024, 2,048 in a footer, and 6,000 in all.
const TITLE = 256;
const DESCRIPTION = 2048;
const FIELD = 256;
const FIELDS = 10;
const FOOTER = 256;

const COLORS = { info: 0x2b5fb4, warning: 0xd98200, critical: 0xd6312a };
const GOOD = 0x2a9d5c;

/** Discord's Markdown, mentions and links, shown as typed. */
const escaped = (character: string) => (/[\\*_~`|<>[\]()#@]/.test(character) ? `\\${character}` : character);

/** One embed about an alert. */
export function renderDiscord(told: AlertFacts, channel: ChannelFacts): DiscordMessage {
  const alert = withoutLinks(told);
  const facts = factsOf(alert).slice(0, FIELDS);
  const embed = {
    title: fitted(`${labelOf(alert.type)}: ${oneLine(alert.subject.name)}`, TITLE, escaped),
    url: detailsLink(alert),
    description: fitted(oneLine(alert.message), DESCRIPTION, escaped),
    color: isGoodNews(alert.type) ? GOOD : COLORS[alert.severity],
    fields: facts.map(({ label, value }) => ({
      name: label,
      value: fitted(oneLine(value), FIELD, escaped),
      inline: true,
    })),
    // A footer is plain text.
    footer: { text: fitted(oneLine(`${channel.projectName} · ${channel.name}`), FOOTER) },
    timestamp: alert.occurredAt.toISOString(),
  };
  return { embeds: [embed], allowed_mentions: { parse: [] } };
}
