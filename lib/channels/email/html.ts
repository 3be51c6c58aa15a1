import { isGoodNews } from "@/lib/alerts/events";
import { labelOf } from "@/lib/alerts/subject-line";
import type { Fact } from "@/lib/channels/facts";
import type { AlertFacts } from "@/lib/channels/kind";

/** What both forms of a mail say. */
export type MailContent = {
  type: string;
  severity: AlertFacts["severity"];
  name: string;
  sentence: string;
  facts: Fact[];
  link: string;
  why: string;
  settingsLink: string;
};

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Text as HTML text or attribute value. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}

// Dark enough for white text at WCAG AA.
export const GOOD = "#1d7a46";
export const COLORS = { info: "#2b5fb4", warning: "#9a5b00", critical: "#b3261e" };

const FONT = "font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";

/** Colours for clients that honour them; all others keep the inline ones, which read well on white. */
const STYLE = `:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (prefers-color-scheme:dark){.page{background:#15171a!important}.card{background:#1f2226!important;border-color:#34383e!important}
.text{color:#eceef0!important}.muted{color:#a6adb6!important}.link{color:#8db4ff!important}.quote{background:#15171a!important;border-color:#34383e!important}}`;

function row({ label, value }: Fact): string {
  return `<tr><td class="muted" style="padding:4px 16px 4px 0;color:#5c6570;white-space:nowrap;vertical-align:top">${escapeHtml(label)}</td><td class="text" style="padding:4px 0;color:#1c2126">${escapeHtml(value)}</td></tr>`;
}

/** Labels and values as a table. */
export function factTable(facts: Fact[]): string {
  return `<table role="presentation" cellpadding="0" cellspacing="0" style="font-size:14px;line-height:1.4">
${facts.map(row).join("\n")}
</table>`;
}

/** A link that looks like a button. `href` is a URL, not yet HTML. */
export function button(text: string, href: string, color: string): string {
  return `<td style="border-radius:6px;background:${color}"><a href="${escapeHtml(href)}" style="display:inline-block;padding:12px 22px;color:#ffffff;font-size:15px;line-height:20px;font-weight:600;text-decoration:none">${escapeHtml(text)}</a></td>`;
}

/** What all mails look like. `title`, `label` and `heading` are text, `body` and `foot` HTML. */
export type Frame = { title: string; label: string; color: string; heading: string; body: string; foot: string };

/** A mail that clients without CSS support still show well: tables and inline styles. */
export function mailFrame({ title, label, color, heading, body, foot }: Frame): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no,date=no,address=no,email=no,url=no">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body class="page" style="margin:0;padding:0;background:#f3f4f6">
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" style="background:#f3f4f6;${FONT}">
<tr><td align="center" style="padding:24px 12px">
<table role="presentation" class="card" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;background:#ffffff;border:1px solid #dde1e6;border-radius:8px">
<tr><td style="padding:14px 24px;background:${color};border-radius:7px 7px 0 0;color:#ffffff;font-size:13px;font-weight:700;letter-spacing:.06em">${escapeHtml(label)}</td></tr>
<tr><td style="padding:24px">
<h1 class="text" style="margin:0 0 12px;font-size:20px;line-height:1.3;color:#1c2126;word-break:break-word">${escapeHtml(heading)}</h1>
${body}
</td></tr>
</table>
<p class="muted" style="max-width:560px;margin:16px auto 0;font-size:12px;line-height:1.5;color:#5c6570">${foot}</p>
</td></tr>
</table>
</body>
</html>
`;
}

/** A paragraph of text. */
export function paragraph(text: string): string {
  return `<p class="text" style="margin:0 0 16px;font-size:15px;line-height:1.5;color:#1c2126;word-break:break-word">${escapeHtml(text)}</p>`;
}

/** The mail about an alert, all user text escaped. */
export function mailHtml({ type, severity, name, sentence, facts, link, why, settingsLink }: MailContent): string {
  const color = isGoodNews(type) ? GOOD : COLORS[severity];
  return mailFrame({
    title: `${labelOf(type)}: ${name}`,
    label: labelOf(type),
    color,
    heading: name,
    body: `${paragraph(sentence)}
${factTable(facts)}
<table role="presentation" cellpadding="0" cellspacing="0" style="margin-top:20px"><tr>${button("See the details", link, color)}</tr></table>`,
    foot: `${escapeHtml(why)} <a class="link" href="${escapeHtml(settingsLink)}" style="color:#2b5fb4">Change it</a>`,
  });
}
