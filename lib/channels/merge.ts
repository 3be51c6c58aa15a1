/** Stands for a secret in what is shown. Sent back, it means "as it was". */
export const MASK = "********";

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** RFC 7396 merge patch, except that a masked value keeps what is stored. */
export function mergePatch(target: unknown, patch: Json): Json {
  const merged: Json = isObject(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete merged[name];
    else if (value !== MASK || !(name in merged))
      merged[name] = isObject(value) ? mergePatch(merged[name], value) : value;
  }
  return merged;
}
