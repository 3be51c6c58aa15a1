import { isGoodNews } from "@/lib/alerts/events";
import { labelOf } from "@/lib/alerts/subject-line";
import { withoutLinks } from "@/lib/channels/approval-facts";
import { factsOf } from "@/lib/channels/facts";
import type { AlertFacts, ChannelFacts } from "@/lib/channels/kind";
import { detailsLink } from "@/lib/channels/link";
import { fitted, oneLine } from "@/lib/channels/text";
import type { SlackMessage } from "./schema";

// Block Kit takes 150 in a header, 3,000 in a section's text and 2,000 in each of at most 10 fields.
const HEADER = 150;
const SECTION = 3000;
const FIELD = 500;
const FIELDS = 10;

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

/** The three characters that Slack reads as its own, so that names cannot mention anybody or make links. */
const escaped = (character: string) => ENTITIES[character] ?? character;
const MARKS = { info: "🔵", warning: "🟠", critical: "🔴" };

// Names and schedules hold stars and underscores; only plain text shows them as they are.
const plain = (text: string, limit: number) => ({
  type: "plain_text",
  text: fitted(oneLine(text), limit, escaped),
  emoji: false,
});

/** Block Kit blocks about an alert, and one line of text for notifications. */
export function renderSlack(told: AlertFacts, channel: ChannelFacts): SlackMessage {
  const alert = withoutLinks(told);
  const mark = isGoodNews(alert.type) ? "🟢" : MARKS[alert.severity];
  const title = `${mark} ${labelOf(alert.type)}: ${alert.subject.name}`;
  const facts = factsOf(alert).slice(0, FIELDS);
  const from = fitted(oneLine(`${channel.projectName} · ${channel.name}`), FIELD, escaped);
  return {
    text: fitted(oneLine(`${labelOf(alert.type)}: ${alert.message}`), SECTION, escaped),
    blocks: [
      { type: "header", text: plain(title, HEADER) },
      { type: "section", text: plain(alert.message, SECTION) },
      { type: "section", fields: facts.map(({ label, value }) => plain(`${label}: ${value}`, FIELD)) },
      {
        type: "context",
        elements: [{ type: "mrkdwn", text: `<${detailsLink(alert)}|See the details> · ${from}`, verbatim: true }],
      },
    ],
    unfurl_links: false,
    unfurl_media: false,
  };
}
