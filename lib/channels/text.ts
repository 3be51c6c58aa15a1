const ELLIPSIS = "…";

/** Control characters and line breaks become spaces: a name is one line wherever it is shown. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").trim();
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
