import { randomUUID } from "node:crypto";
import { escapeHtml } from "@/lib/channels/email/html";
import { mailer } from "@/lib/channels/email/send";
import { AppError } from "@/lib/core/errors";
import { env } from "@/lib/env";

/** A mail to one person about their account: a sentence, one link, and why it came. */
export type Letter = { to: string; subject: string; sentence: string; action: string; link: string; why: string };

/** Whether mail can leave. */
export const canMail = (): boolean => env().RESEND_API_KEY !== undefined;

/** Throws `unavailable` when mail cannot leave; the same for every address. */
export function requireMail(): void {
  if (!canMail()) throw new AppError("unavailable", "E-mail is not set up here. Ask whoever runs this installation.");
}

const FONT = "font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";

function letterHtml({ subject, sentence, action, link, why }: Letter): string {
  const href = escapeHtml(link);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark"><title>${escapeHtml(subject)}</title></head>
<body style="margin:0;padding:24px;${FONT};font-size:15px;line-height:1.5">
<p>${escapeHtml(sentence)}</p>
<p><a href="${href}" style="display:inline-block;padding:10px 18px;background:#0b6259;color:#ffffff;border-radius:6px;text-decoration:none;font-weight:600">${escapeHtml(action)}</a></p>
<p style="font-size:13px;color:#5c6570;word-break:break-all">${href}</p>
<p style="font-size:13px;color:#5c6570">${escapeHtml(why)}</p>
</body></html>`;
}

/** Sends it now. Throws an Error with the mail service's words when it does not take it. */
export async function sendLetter(letter: Letter): Promise<void> {
  const mail = {
    subject: letter.subject,
    text: `${letter.sentence}\n\n${letter.action}: ${letter.link}\n\n-- \n${letter.why}\n`,
    html: letterHtml(letter),
    headers: { "Auto-Submitted": "auto-generated" },
  };
  const attempt = { deliveryId: randomUUID(), at: new Date(), projectSecret: "" };
  const outcome = await mailer(env())(mail, { to: letter.to }, attempt);
  if (outcome.result !== "sent") throw new Error(outcome.error);
}
