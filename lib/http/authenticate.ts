import { findCaller } from "@/lib/auth/api-keys";
import type { Caller } from "@/lib/auth/caller";
import { AppError } from "@/lib/core/errors";
import { findSessionCaller } from "./session";

const BEARER = /^Bearer +(\S+)$/i;

/** The API key of a request, wherever it is: `Authorization: Bearer`, `X-Api-Key`, `?key=` or `"key"` in a JSON body. */
export function keyOf(request: Request, body: unknown): string | null {
  const bearer = BEARER.exec(request.headers.get("authorization") ?? "")?.[1];
  const key = bearer || request.headers.get("x-api-key") || new URL(request.url).searchParams.get("key");
  return key || keyInBody(body);
}

function keyInBody(body: unknown): string | null {
  if (typeof body !== "object" || body === null || !("key" in body)) return null;
  return typeof body.key === "string" ? body.key : null;
}

/** Who makes this request. Throws `unauthenticated`. */
export async function authenticate(request: Request, body: unknown): Promise<Caller> {
  const key = keyOf(request, body);
  const caller = key === null ? await findSessionCaller(request) : await findCaller(key);
  if (caller !== null) return caller;
  const detail =
    key === null ? "An API key or a signed-in session is required." : "The API key is unknown, revoked or expired.";
  throw new AppError("unauthenticated", detail, { headers: { "WWW-Authenticate": 'Bearer realm="pulsetrail"' } });
}
