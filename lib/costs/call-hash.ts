import { canonicalJson } from "@/lib/core/canonical-json";
import { sha256 } from "@/lib/core/ids";

/** Enough to tell the calls of one instance apart, and short, because it is stored with each of them. */
const HASH_LENGTH = 16;

/**
 * By which a tool call is known when it comes again: a hash of its name and arguments. Null when either is not told, because
 * calls of one tool need not be the same call; `{}` is how a tool without arguments is called.
 */
export function callHash(toolCall: object): string | null {
  const said = new Map<string, unknown>(Object.entries(toolCall));
  const name = said.get("tool_name") ?? said.get("name");
  const given = said.get("arguments") ?? said.get("args") ?? said.get("input");
  if (typeof name !== "string" || name === "" || given === undefined || given === null) return null;
  return sha256(canonicalJson([name, given]))
    .toString("hex")
    .slice(0, HASH_LENGTH);
}
