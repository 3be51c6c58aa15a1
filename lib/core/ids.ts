import { hash, randomBytes, randomInt } from "node:crypto";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** A random token of `length` letters and digits (5.95 bits each), safe in URLs and in shells. */
export function randomToken(length: number): string {
  return Array.from({ length }, () => ALPHABET[randomInt(ALPHABET.length)]).join("");
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
