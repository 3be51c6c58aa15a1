import { subjectLine } from "@/lib/alerts/subject-line";
import { withoutLinks } from "@/lib/channels/approval-facts";
import { type Fact, factsOf, incidentOf } from "@/lib/channels/facts";
import type { AlertFacts, ChannelFacts } from "@/lib/channels/kind";
import { detailsLink, projectLink } from "@/lib/channels/link";
import { env } from "@/lib/env";
import { type MailContent, mailHtml } from "./html";
import type { Mail } from "./schema";

function contentOf(alert: AlertFacts, channel: ChannelFacts): MailContent {
  return {
    type: alert.type,
    severity: alert.severity,
    name: alert.subject.name,
    sentence: alert.message,
    facts: factsOf(alert),
    link: detailsLink(alert),
    why: `You get this mail because the channel "${channel.name}" of the project "${channel.projectName}" sends its alerts to you.`,
    settingsLink: `${projectLink(alert.projectId)}/channels`,
  };
}

/** Labels and values in two columns. */
export function factLines(facts: Fact[]): string[] {
  const width = Math.max(...facts.map((fact) => fact.label.length)) + 1;
  return facts.map(({ label, value }) => `${`${label}:`.padEnd(width)} ${value}`);
}

/** Headers that keep an incident in one thread, and vacation notices away (RFC 3834). */
export function threadHeaders(alert: AlertFacts): Mail["headers"] {
  const thread = `<${incidentOf(alert)}@${new URL(env().BASE_URL).hostname}>`;
  return { References: thread, "In-Reply-To": thread, "Auto-Submitted": "auto-generated" };
}

function mailText(content: MailContent): string {
  return [
    content.sentence,
    "",
    ...factLines(content.facts),
    "",
    `Details: ${content.link}`,
    "",
    "-- ",
    content.why,
    `Change it: ${content.settingsLink}`,
    "",
  ].join("\n");
}

/** The mail about an alert: HTML and text of the same content, and headers that keep an incident in one thread. */
export function renderMail(told: AlertFacts, channel: ChannelFacts): Mail {
  const alert = withoutLinks(told);
  const content = contentOf(alert, channel);
  return {
    subject: subjectLine(told.type, told.subject.name),
    text: mailText(content),
    html: mailHtml(content),
    headers: threadHeaders(alert),
  };
}
