import { isObject } from "./json-object";

/** `target` after a JSON merge patch (RFC 7396): null removes a member, objects are merged, all else is replaced. Changes neither. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const merged = new Map(Object.entries(isObject(target) ? target : {}));
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) merged.delete(name);
    else merged.set(name, mergePatch(merged.get(name), value));
  }
  // From entries: a member called __proto__ stays a member.
  return Object.fromEntries(merged);
}
