import { hash, randomBytes } from "node:crypto";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const LOWER = "0123456789abcdefghijklmnopqrstuvwxyz";

/** So many characters of an alphabet, each as likely as the others: bytes beyond a multiple of its length are drawn again. */
function drawn(alphabet: string, length: number): string {
  const end = 256 - (256 % alphabet.length);
  let token = "";
  while (token.length < length) {
    for (const byte of randomBytes(length - token.length))
      if (byte < end) token += alphabet.charAt(byte % alphabet.length);
  }
  return token;
}

/** A random token of `length` letters and digits (5.95 bits each), safe in URLs and in shells. */
export const randomToken = (length: number): string => drawn(ALPHABET, length);

/** The same of digits and lower case letters only (5.17 bits each). */
export const randomLower = (length: number): string => drawn(LOWER, length);

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
