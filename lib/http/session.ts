import type { Caller } from "@/lib/auth/caller";
import { callerInProject } from "@/lib/auth/session-caller";
import { sessionCookie, sessionIdOf } from "@/lib/auth/session-token";
import { findSignedIn } from "@/lib/auth/sessions";
import { AppError } from "@/lib/core/errors";
import { env } from "@/lib/env";

const SAFE = ["GET", "HEAD", "OPTIONS"];

/** The cookies of a request by name (RFC 6265 §4.2). */
export function readCookies(request: Request): Record<string, string> {
  const pairs = (request.headers.get("cookie") ?? "").split(";").map((part) => {
    const at = part.indexOf("=");
    return [part.slice(0, at).trim(), part.slice(at + 1).trim()];
  });
  return Object.fromEntries(pairs.map(([name, value = ""]) => [name, decoded(value)]));
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/** Under the public address only that very origin counts, scheme and all; under another name of this server, the name. */
function isOurs(origin: string, host: string): boolean {
  const { BASE_URL } = env();
  if (origin === BASE_URL) return true;
  return URL.canParse(origin) && new URL(origin).host === host && host !== new URL(BASE_URL).host;
}

const hostOf = (request: Request): string => request.headers.get("host") ?? new URL(request.url).host;

const foreignPage = (): AppError => new AppError("forbidden", "This request did not come from a page of this site.");

/**
 * Throws `forbidden` unless a request that changes something comes from a page of ours: a browser adds cookies to
 * requests that other sites start, but it also says which site that was (Fetch standard, the Origin header).
 */
export function requireSameOrigin(request: Request): void {
  if (SAFE.includes(request.method)) return;
  const origin = request.headers.get("origin");
  if (origin === null || !isOurs(origin, hostOf(request))) throw foreignPage();
}

/**
 * The same for a form that needs no cookie: throws `forbidden` when the browser says that another site sent it. A page that
 * gives no referrer posts its form with the origin `null` (Fetch standard, the Origin header), and old browsers name no
 * site, so that neither tells anything; what such a form carries must prove where it comes from.
 */
export function refuseForeignForm(request: Request): void {
  const origin = request.headers.get("origin") ?? "null";
  const site = request.headers.get("sec-fetch-site") ?? "none";
  if (!["same-origin", "none"].includes(site) || (origin !== "null" && !isOurs(origin, hostOf(request))))
    throw foreignPage();
}

/** The signed-in person who makes this request, in the project that `X-Project-Id` names; null when nobody is signed in. */
export async function findSessionCaller(request: Request): Promise<Caller | null> {
  const cookie = readCookies(request)[sessionCookie()];
  const sessionId = cookie === undefined ? null : await sessionIdOf(cookie);
  const signedIn = sessionId === null ? null : await findSignedIn(sessionId);
  if (signedIn === null) return null;
  requireSameOrigin(request);
  return callerInProject(signedIn, request.headers.get("x-project-id"));
}
