import { canonicalJson } from "@/lib/core/canonical-json";
import { sha256 } from "@/lib/core/ids";

/**
 * What binds an approval to what is done: the SHA-256, in hexadecimal, of the canonical JSON of `{"action","args"}`, with
 * null for the one that is missing. Null when both are. What else is said of an approval does not count.
 */
export function actionDigest({ action, args }: { action?: string | undefined; args?: unknown }): string | null {
  if (action === undefined && (args ?? null) === null) return null;
  return sha256(canonicalJson({ action: action ?? null, args: args ?? null })).toString("hex");
}
