import type { Caller } from "@/lib/auth/caller";
import { AppError } from "@/lib/core/errors";
import { createLimiter } from "@/lib/core/rate-limit";
import { env } from "@/lib/env";

// Routes are in Next's bundles and beside the front door; they count together.
const shared = globalThis as typeof globalThis & { pulsetrailKeyLimit?: ReturnType<typeof createLimiter> };

function limit(actor: string) {
  shared.pulsetrailKeyLimit ??= createLimiter({ name: "api", requests: 600, windowSeconds: 60 });
  return shared.pulsetrailKeyLimit(actor);
}

/**
 * Counts a request against its key's quota of 600 a minute and gives the headers that say how much is left.
 * Throws `rate_limited` when it is used up. Signals do not count here.
 */
export async function limitKey(caller: Caller): Promise<Record<string, string>> {
  if (env().RATE_LIMITS === "off") return {};
  const { exceeded, headers } = await limit(caller.actor);
  if (exceeded) throw new AppError("rate_limited", "This key may make 600 requests a minute.", { headers });
  return headers;
}
