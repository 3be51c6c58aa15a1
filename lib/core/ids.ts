import { hash, randomBytes, randomInt } from "node:crypto";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const LOWER = "0123456789abcdefghijklmnopqrstuvwxyz";

/** A random token of `length` letters and digits (5.95 bits each), safe in URLs and in shells. */
export function randomToken(length: number): string {
  return Array.from({ length }, () => ALPHABET[randomInt(ALPHABET.length)]).join("");
}

/** The same of digits and lower case letters only (5.17 bits each). */
export function randomLower(length: number): string {
  return Array.from({ length }, () => LOWER[randomInt(LOWER.length)]).join("");
}

export function sha256(text: string): Buffer {
  return hash("sha256", text, "buffer");
}

/** A Standard Webhooks secret: `whsec_` and 32 random bytes in base64. */
export function webhookSecret(): string {
  return `whsec_${randomBytes(32).toString("base64")}`;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether the text is a UUID in canonical form (RFC 9562 §4), lower case. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}
