import { HOUR, MINUTE, SECOND } from "@/lib/core/time";

const LADDER_MS = [5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR];
const JITTER = 0.2;
const MAX_RETRY_AFTER_MS = HOUR;

/** A failed try: how many there have been, a random number in [0, 1), and the wait the receiver asked for. */
export type FailedTry = { attempts: number; random: number; retryAfterMs: number | null };

/**
 * Milliseconds to wait before the next try; null when the ladder is at its end. The receiver's wish is honoured up to
 * one hour and never shortens the wait.
 */
export function retryDelay({ attempts, random, retryAfterMs }: FailedTry): number | null {
  const rung = LADDER_MS[Math.max(attempts, 1) - 1];
  if (rung === undefined) return null;
  const jittered = rung * (1 - JITTER + 2 * JITTER * random);
  return Math.round(Math.max(jittered, Math.min(retryAfterMs ?? 0, MAX_RETRY_AFTER_MS)));
}

const HTTP_DATE = /^[A-Z][a-z]+, \d{2}[ -][A-Z][a-z]{2}[ -]\d{2,4} \d{2}:\d{2}:\d{2} GMT$/;

/** `Retry-After` (RFC 9110 §10.2.3), seconds or a date, as milliseconds after `now`; null when it is neither. */
export function parseRetryAfter(header: string | undefined, now: number): number | null {
  const text = header?.trim() ?? "";
  if (/^\d{1,9}$/.test(text)) return Number(text) * SECOND;
  const at = HTTP_DATE.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}
