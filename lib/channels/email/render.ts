import { subjectLine } from "@/lib/alerts/subject-line";
import { factsOf, incidentOf } from "@/lib/channels/facts";
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

function mailText(content: MailContent): string {
  const width = Math.max(...content.facts.map((fact) => fact.label.length)) + 1;
  return [
    content.sentence,
    "",
    ...content.facts.map(({ label, value }) => `${`${label}:`.padEnd(width)} ${value}`),
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
export function renderMail(alert: AlertFacts, channel: ChannelFacts): Mail {
  const content = contentOf(alert, channel);
  const thread = `<${incidentOf(alert)}@${new URL(env().BASE_URL).hostname}>`;
  return {
    subject: subjectLine(alert.type, alert.subject.name),
    text: mailText(content),
    html: mailHtml(content),
    // RFC 3834: no vacation notices in return.
    headers: { References: thread, "In-Reply-To": thread, "Auto-Submitted": "auto-generated" },
  };
}
