import { subjectLine } from "@/lib/alerts/subject-line";
import { factLines, threadHeaders } from "@/lib/channels/email/render";
import type { Mail } from "@/lib/channels/email/schema";
import type { AlertFacts, ChannelFacts } from "@/lib/channels/kind";
import { fitted } from "@/lib/channels/text";
import { type Content, contentOf, HEADING, QUOTED, type Quote, SHORTENED } from "./content";
import { approverHtml } from "./html";

const MAX_PROJECT = 60;

// The bar before each line tells it from the lines of the mail itself.
const block = ({ title, text, isShortened }: Quote) => [
  `${title}. ${QUOTED}:`,
  ...text.split("\n").map((line) => `| ${line}`),
  ...(isShortened ? [`(${SHORTENED})`] : []),
  "",
];

function approverText(content: Content): string {
  return [
    `${HEADING}.`,
    content.sentence,
    "",
    ...factLines(content.facts),
    "",
    ...content.quotes.flatMap(block),
    ...content.outcomes,
    "",
    `Approve: ${content.verdictLink}`,
    `Deny:    ${content.verdictLink}`,
    "",
    content.hint,
    `See it in Pulsetrail: ${content.page}`,
    "",
    "-- ",
    content.why,
    "",
  ].join("\n");
}

/** The mail that asks for a verdict, as it is stored: without the tokens of its links (`withTokens`). */
export function renderApproverMail(alert: AlertFacts, channel: ChannelFacts): Mail {
  const content = contentOf(alert, channel);
  return {
    subject: `${subjectLine(alert.type, alert.subject.name)} (${fitted(content.project, MAX_PROJECT)})`,
    text: approverText(content),
    html: approverHtml(content),
    headers: threadHeaders(alert),
  };
}
