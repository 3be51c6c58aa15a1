import type { Mail } from "@/lib/channels/email/schema";
import type { ApproverConfig } from "./schema";

/** What stands for a token while a mail is stored; text of others never holds it (`withoutMark`). */
export const MARK = "•••";

/** Text of others in which nothing can be taken for a mark. */
export function withoutMark(text: string): string {
  return text.replace(/•(?=•)/g, "•\u200b");
}

/** The mail with its tokens in place: first that of the link that approves. Throws unless both have exactly one place. */
export function withTokens(mail: Mail, tokens: Pick<ApproverConfig, "approve" | "deny">): Mail {
  return { ...mail, text: filled(mail.text, tokens), html: filled(mail.html, tokens) };
}

function filled(form: string, { approve, deny }: Pick<ApproverConfig, "approve" | "deny">): string {
  const [before, between, after, ...more] = form.split(MARK);
  if (before === undefined || between === undefined || after === undefined || more.length > 0)
    throw new Error("a mail to an approver must have two places for tokens");
  return `${before}${approve}${between}${deny}${after}`;
}
