import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { appSecret } from "./app-secret";

/** First byte of what is stored; another value will mean another way to seal. */
const VERSION = 1;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const HEAD_BYTES = 1 + IV_BYTES + TAG_BYTES;

let derived: { secret: string; key: Buffer } | undefined;

/** Derived once: that takes longer than sealing does. */
function key(): Buffer {
  const secret = appSecret();
  if (derived?.secret !== secret)
    derived = { secret, key: Buffer.from(hkdfSync("sha256", secret, "", "pulsetrail sealed v1", 32)) };
  return derived.key;
}

/**
 * Encrypts JSON with AES-256-GCM under a key derived from the application's secret (HKDF, RFC 5869). `place` says where
 * it will be kept; it opens nowhere else, so rows cannot be swapped.
 */
export function seal(value: unknown, place: string): Uint8Array<ArrayBuffer> {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key(), iv).setAAD(Buffer.from(place));
  const sealed = Buffer.concat([cipher.update(JSON.stringify(value), "utf8"), cipher.final()]);
  return new Uint8Array(Buffer.concat([Buffer.of(VERSION), iv, cipher.getAuthTag(), sealed]));
}

/** Reads what `seal` made for the same place. Throws when it was changed, moved, or sealed under another secret. */
export function unseal(sealed: Uint8Array, place: string): unknown {
  const bytes = Buffer.from(sealed);
  if (bytes[0] !== VERSION || bytes.length < HEAD_BYTES) throw new Error("sealed value of an unknown version");
  const decipher = createDecipheriv("aes-256-gcm", key(), bytes.subarray(1, 1 + IV_BYTES), {
    authTagLength: TAG_BYTES,
  })
    .setAAD(Buffer.from(place))
    .setAuthTag(bytes.subarray(1 + IV_BYTES, HEAD_BYTES));
  return JSON.parse(Buffer.concat([decipher.update(bytes.subarray(HEAD_BYTES)), decipher.final()]).toString("utf8"));
}
