const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const PART = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)/;
const NUMBER = /^\d+(?:\.\d+)?$/;
/** What a column of milliseconds can hold and a number can tell exactly. */
const MAX_MS = Number.MAX_SAFE_INTEGER;

/**
 * A duration as clients report it, in milliseconds: `12.5s`, `250ms`, `1m30s`, or a number of seconds (public contract
 * §4). Null when it cannot be read.
 */
export function parseDuration(reported: string | number): number | null {
  const text = String(reported).trim().toLowerCase();
  const ms = NUMBER.test(text) ? Number(text) * 1000 : sumOfParts(text);
  return ms === null || ms > MAX_MS ? null : Math.round(ms);
}

function sumOfParts(text: string): number | null {
  let rest = text;
  let sum = 0;
  for (let part = PART.exec(rest); part !== null; part = PART.exec(rest)) {
    sum += Number(part[1]) * (UNIT_MS[part[2] ?? ""] ?? 0);
    rest = rest.slice(part[0].length);
  }
  return rest === "" && text !== "" ? sum : null;
}
