import { decode } from "next-auth/jwt";
import { env } from "@/lib/env";
import { appSecret } from "./app-secret";

/** Over TLS the name itself makes browsers insist on it (RFC 6265bis §4.1.3.1). */
const isSecure = (): boolean => env().BASE_URL.startsWith("https://");

/** The name of the cookie that carries a sign-in. */
export const sessionCookie = (): string => `${isSecure() ? "__Secure-" : ""}next-auth.session-token`;

/** The id of the sign-in that a cookie's value names; null when it is not ours or too old. */
export async function sessionIdOf(cookie: string): Promise<string | null> {
  const claims = await decode({ token: cookie, secret: appSecret() }).catch(() => null);
  return typeof claims?.["sid"] === "string" ? claims["sid"] : null;
}
