/** What turns the direction of a text (UAX #9) or hides in it: with them it can read otherwise than it is. */
export const UNSEEN =
  /\u034f|[\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\u3164\ufeff\uffa0]|[\u{e0000}-\u{e007f}]/gu;

/** Text of others with what cannot be seen written out, as `[U+202E]`. */
export function visible(text: string): string {
  return text.replace(UNSEEN, (mark) => `[U+${mark.codePointAt(0)?.toString(16).toUpperCase()}]`);
}
