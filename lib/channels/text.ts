import { UNSEEN } from "@/lib/core/visible";

const ELLIPSIS = "…";

/** Control characters and line breaks become spaces: a name is one line wherever it is shown. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").trim();
}

/** Shown by no program, and no address goes on behind it. */
const GAP = "\u200b";
/** Controls but tabs and line breaks. */
const CONTROLS = /(?![\t\n])\p{Cc}/gu;

/**
 * Text of a stranger, which looks the same but holds no address that mail and chat programs would make a link of. What
 * cannot be seen becomes visible.
 */
export function unlinked(text: string): string {
  return text
    .replace(/\r\n?|[\p{Zl}\p{Zp}]/gu, "\n")
    .replace(CONTROLS, "\ufffd")
    .replace(UNSEEN, "\ufffd")
    .replace(/:(?=\/\/)|@(?=\S)|[.。．｡](?=\p{L})/gu, `$&${GAP}`);
}

/**
 * Text of at most `limit` UTF-16 units after `escaped`, which is applied to one character at a time, so that neither a
 * character nor an escape is cut in half. What is shortened ends in an ellipsis.
 */
export function fitted(text: string, limit: number, escaped: (character: string) => string = (one) => one): string {
  let whole = "";
  let shortened = "";
  for (const character of text) {
    whole += escaped(character);
    if (whole.length + ELLIPSIS.length <= limit) shortened = whole;
    if (whole.length > limit) return shortened + ELLIPSIS;
  }
  return whole;
}
