import { isObject, type JsonObject } from "@/lib/core/json-object";

/** Stands for a secret in what is shown. Sent back, it means "as it was". */
export const MASK = "********";

/** RFC 7396 merge patch, except that a masked value keeps what is stored. */
export function mergePatch(target: unknown, patch: JsonObject): JsonObject {
  const merged: JsonObject = isObject(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete merged[name];
    else if (value !== MASK || !(name in merged))
      merged[name] = isObject(value) ? mergePatch(merged[name], value) : value;
  }
  return merged;
}
