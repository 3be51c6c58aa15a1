import { subjectLine } from "@/lib/alerts/subject-line";
import { button, COLORS, escapeHtml, factTable, GOOD, mailFrame, paragraph } from "@/lib/channels/email/html";
import { type Content, HEADING, QUOTED, type Quote, SHORTENED } from "./content";

const SMALL = "margin:0 0 6px;font-size:13px;line-height:1.5;color:#5c6570";

// Outlook keeps line breaks only in this element, and other clients wrap it by the style.
const block = ({ title, text, isShortened }: Quote) => `
<p class="text" style="margin:20px 0 2px;font-size:14px;font-weight:600;color:#1c2126">${escapeHtml(title)}</p>
<p class="muted" style="${SMALL}">${QUOTED}</p>
<pre class="quote text" style="margin:0 0 6px;padding:12px;background:#f3f4f6;border:1px solid #dde1e6;border-radius:6px;color:#1c2126;font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;white-space:pre-wrap;word-break:break-word;overflow-wrap:anywhere">${escapeHtml(text)}</pre>${isShortened ? `\n<p class="muted" style="${SMALL}">${SHORTENED}</p>` : ""}`;

/** The HTML of the mail: what is asked, what comes of it, and a button for each verdict. */
export function approverHtml({ verdictLink, ...content }: Content): string {
  const { severity, sentence, facts, quotes, outcomes, hint, page, why, project } = content;
  return mailFrame({
    title: `${HEADING} in ${project}`,
    label: subjectLine("approval.requested", project),
    color: COLORS[severity],
    heading: HEADING,
    body: `${paragraph(sentence)}
${factTable(facts)}${quotes.map(block).join("")}
<div style="margin-top:20px">
${outcomes.map(paragraph).join("\n")}
</div>
<table role="presentation" cellpadding="0" cellspacing="0"><tr>${button("Approve", verdictLink, GOOD)}<td style="width:16px">&nbsp;</td>${button("Deny", verdictLink, COLORS.critical)}</tr></table>
<p class="muted" style="${SMALL};margin-top:16px">${escapeHtml(hint)}</p>
<p style="margin:0;font-size:14px"><a class="link" href="${escapeHtml(page)}" style="color:#2b5fb4">See it in Pulsetrail</a></p>`,
    foot: escapeHtml(why),
  });
}
