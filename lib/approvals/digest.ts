import { sha256 } from "@/lib/core/ids";

/**
 * JSON in its one canonical form (RFC 8785): members sorted by the UTF-16 units of their names, numbers and texts as
 * ECMAScript writes them, no space. Takes what came out of JSON.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`).join(",")}}`;
}

/**
 * What binds an approval to what is done: the SHA-256, in hexadecimal, of the canonical JSON of `{"action","args"}`, with
 * null for the one that is missing. Null when both are. What else is said of an approval does not count.
 */
export function actionDigest({ action, args }: { action?: string | undefined; args?: unknown }): string | null {
  if (action === undefined && (args ?? null) === null) return null;
  return sha256(canonicalJson({ action: action ?? null, args: args ?? null })).toString("hex");
}
