export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

const UNITS = [
  ["day", DAY],
  ["hour", HOUR],
  ["minute", MINUTE],
  ["second", SECOND],
] as const;

/** A duration in words with its two largest units, e.g. `1 hour 5 minutes`. Takes milliseconds. */
export function inWords(ms: number): string {
  // A page may have looked at its clock before something began.
  let rest = Math.max(0, Math.round(ms / SECOND) * SECOND);
  const parts: string[] = [];
  for (const [unit, size] of UNITS) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count} ${unit}${count === 1 ? "" : "s"}`);
  }
  return parts.slice(0, 2).join(" ") || "less than a second";
}

/** ISO 8601 in UTC with `Z`, or null. Takes epoch milliseconds. */
export function iso(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}

/** A moment as people read it, to the second: `2026-11-20 11:00:00 UTC`. Takes epoch milliseconds. */
export function utcWords(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** `14:05 UTC`, with the day when it is not within a day of now. Both are epoch milliseconds. */
export function clockWords(at: number, now: number): string {
  const text = new Date(at).toISOString();
  return Math.abs(at - now) < DAY ? `${text.slice(11, 16)} UTC` : `${text.slice(0, 10)} ${text.slice(11, 16)} UTC`;
}

const JUST_NOW = 5 * SECOND;

/** A moment seen from another, in one unit: `just now`, `in 5 minutes`, `3 hours ago`. Both are epoch milliseconds. */
export function relativeWords(at: number, now: number): string {
  const distance = Math.abs(at - now);
  const [unit, size] = UNITS.find(([, length]) => distance >= length) ?? UNITS[3];
  if (distance < JUST_NOW) return "just now";
  const count = Math.floor(distance / size);
  const words = `${count} ${unit}${count === 1 ? "" : "s"}`;
  return at > now ? `in ${words}` : `${words} ago`;
}
