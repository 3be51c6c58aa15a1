import { createHmac, timingSafeEqual } from "node:crypto";
import { appSecret } from "@/lib/auth/app-secret";
import { sha256 } from "@/lib/core/ids";
import { DAY, MINUTE } from "@/lib/core/time";

/** How long a page may stay open before its button is of no use any more, in milliseconds. */
const LIFE_MS = DAY;
/** The clocks of several processes differ a little. */
const SKEW_MS = 5 * MINUTE;
const FORM = /^([0-9a-z]{1,10})\.([0-9A-Za-z_-]{43})$/;

function seal(token: string, issued: string): Buffer {
  return createHmac("sha256", appSecret())
    .update(`approve link v1 ${sha256(token).toString("hex")} ${issued}`)
    .digest();
}

/** A mark in the form of a link's page, so that only who was shown the page can send it. `now` in epoch milliseconds. */
export function issueNonce(token: string, now = Date.now()): string {
  const issued = now.toString(36);
  return `${issued}.${seal(token, issued).toString("base64url")}`;
}

/** Whether the mark is from a page of this very link, a day old at most. */
export function isNonce(nonce: string, token: string, now = Date.now()): boolean {
  const [, issued = "", mac = ""] = FORM.exec(nonce) ?? [];
  const age = now - Number.parseInt(issued, 36);
  const isFresh = age >= -SKEW_MS && age <= LIFE_MS;
  return isFresh && timingSafeEqual(seal(token, issued), Buffer.from(mac, "base64url"));
}
