import { AppError } from "@/lib/core/errors";
import { env } from "@/lib/env";

/** The application's secret: signs sessions and encrypts what channels keep. Throws `unavailable` without one. */
export function appSecret(): string {
  const secret = env().AUTH_SECRET;
  if (secret === undefined) throw new AppError("unavailable", "AUTH_SECRET is not set.");
  return secret;
}
