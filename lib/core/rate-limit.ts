import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";

export type Rate = {
  /** Whether the quota is used up. */
  exceeded: boolean;
  /** How many there were in this window, this one included. */
  used: number;
  /** `RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers-11), with `Retry-After` when exceeded. */
  headers: Record<string, string>;
};

export type Quota = { name: string; requests: number; windowSeconds: number };

/**
 * Counts what is consumed under a key in fixed windows, in the memory of this process: no round trip, and every process
 * counts for itself.
 */
export function createLimiter({
  name,
  requests,
  windowSeconds,
}: Quota): (key: string, points?: number) => Promise<Rate> {
  const limiter = new RateLimiterMemory({ points: requests, duration: windowSeconds });
  const policy = `"${name}";q=${requests};w=${windowSeconds}`;
  return async (key, points = 1) => {
    const { consumedPoints, remainingPoints, msBeforeNext } = await limiter
      .consume(key, points)
      .catch((over: unknown) => {
        if (over instanceof RateLimiterRes) return over;
        throw over;
      });
    const exceeded = consumedPoints > requests;
    const resetSeconds = Math.max(1, Math.ceil(msBeforeNext / 1000));
    const headers = {
      "RateLimit-Policy": policy,
      RateLimit: `"${name}";r=${Math.max(0, remainingPoints)};t=${resetSeconds}`,
    };
    return {
      exceeded,
      used: consumedPoints,
      headers: { ...headers, ...(exceeded && { "Retry-After": String(resetSeconds) }) },
    };
  };
}
