import { linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { randomToken } from "@/lib/core/ids";
import { ensureWritable } from "@/lib/db/embedded";
import type { Env } from "@/lib/env";

const LENGTH = 43; // letters and digits with 256 bits between them

/**
 * The secret that signs sessions: the one that is set, else one generated once into DATA_DIR.
 * With a database of one's own it must be set, because several machines may share that database.
 */
export function authSecret(settings: Env): string {
  if (settings.AUTH_SECRET !== undefined) return settings.AUTH_SECRET;
  if (settings.DATABASE_URL !== undefined) {
    throw new Error(
      "AUTH_SECRET must be set when DATABASE_URL is, to 32 or more random bytes (openssl rand -base64 32 makes some).",
    );
  }
  ensureWritable(settings.DATA_DIR);
  const file = join(settings.DATA_DIR, "auth-secret");
  generateOnce(file);
  const secret = readFileSync(file, "utf8").trim();
  if (secret.length < LENGTH) throw new Error(`AUTH_SECRET in ${file} is too short: restore or remove the file.`);
  return secret;
}

/** Linked into place whole, so that a process starting beside this one never reads half a secret. */
function generateOnce(file: string): void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${randomToken(LENGTH)}\n`, { mode: 0o600 });
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error; // linkSync throws system errors
  } finally {
    rmSync(draft, { force: true });
  }
}
