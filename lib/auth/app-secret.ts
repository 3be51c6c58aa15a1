import { AppError } from "@/lib/core/errors";
import { env } from "@/lib/env";

// The server entry and Next's bundles are separate module graphs in one process; they meet here.
const shared = globalThis as typeof globalThis & { pulsetrailSecret?: string };

/** Gives this process the secret it generated or was started with. */
export function useAppSecret(secret: string): void {
  shared.pulsetrailSecret = secret;
}

/** The application's secret: signs sessions and encrypts what channels keep. */
export function appSecret(): string {
  const secret = shared.pulsetrailSecret ?? env().AUTH_SECRET;
  if (secret === undefined) throw new AppError("unavailable", "AUTH_SECRET is not set.");
  return secret;
}
