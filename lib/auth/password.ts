import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from "node:crypto";

const HASH_BYTES = 32;
const SALT_BYTES = 16;

/** Cost as OWASP advises: N = 2^17, r = 8, p = 1, which needs 128 MiB for a moment. */
const COST = { logN: 17, blockSize: 8, parallelization: 1 };

type Cost = typeof COST;

/** The password as `scrypt$17$8$1$salt$hash`, so that the cost can be raised without losing old hashes. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(password, salt, COST);
  const { logN, blockSize, parallelization } = COST;
  return ["scrypt", logN, blockSize, parallelization, salt.toString("base64url"), hash.toString("base64url")].join("$");
}

/** Whether the password belongs to a hash made by `hashPassword`; false for any other text. */
export async function verifyPassword(password: string, stored: string): Promise<boolean> {
  const [, logN, blockSize, parallelization, salt, hash] = FORM.exec(stored) ?? [];
  if (salt === undefined || hash === undefined) return false;
  const expected = Buffer.from(hash, "base64url");
  const cost = { logN: Number(logN), blockSize: Number(blockSize), parallelization: Number(parallelization) };
  const actual = await derive(password, Buffer.from(salt, "base64url"), cost);
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}

const FORM = /^scrypt\$(1[0-7])\$([1-8])\$([1-4])\$([\w-]{22})\$([\w-]{43})$/;

function derive(password: string, salt: Buffer, { logN, blockSize, parallelization }: Cost): Promise<Buffer> {
  const options: ScryptOptions = { N: 2 ** logN, r: blockSize, p: parallelization, maxmem: 256 * 1024 * 1024 };
  return new Promise((resolve, reject) => {
    // One person may type the same letter composed or decomposed on different keyboards.
    scrypt(password.normalize("NFC"), salt, HASH_BYTES, options, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });
}
