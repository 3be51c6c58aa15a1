import { invalid } from "@/lib/core/errors";
import { DAY } from "@/lib/core/time";

/** A calendar year, leap day and all. */
const MAX_MUTE_MS = 366 * DAY;

/** Throws `invalid_input` unless alerts may be muted until then; null ends it. Both are epoch milliseconds. */
export function requireMuteTime(until: number | null, now: number): void {
  if (until === null) return;
  if (until <= now) throw invalid("until", "must be in the future");
  if (until > now + MAX_MUTE_MS) throw invalid("until", "must be at most a year ahead");
}
