const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** What each character does to the depth. */
const STEP = new Int8Array(128);
for (const open of "[{") STEP[open.charCodeAt(0)] = 1;
for (const close of "]}") STEP[close.charCodeAt(0)] = -1;

/**
 * How deeply arrays and objects are nested in JSON text. Looks at each character once: nobody may have been authenticated yet,
 * and an expression that tries again behind every quote would take minutes for text that never ends.
 */
export function depthOf(json: string): number {
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < json.length; at += 1) {
    const mark = json.charCodeAt(at);
    if (mark === QUOTE) at = endOfText(json, at);
    depth += STEP[mark] ?? 0;
    if (depth > deepest) deepest = depth;
  }
  return deepest;
}

/** Where a text ends that begins here, or where all of it does. */
function endOfText(json: string, begin: number): number {
  let at = begin + 1;
  for (let mark = json.charCodeAt(at); at < json.length && mark !== QUOTE; mark = json.charCodeAt(at)) {
    at += mark === BACKSLASH ? 2 : 1;
  }
  return at;
}
