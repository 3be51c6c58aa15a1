import { isObject, type JsonObject } from "@/lib/core/json-object";

/** Deeper than this nobody reads it, and PostgreSQL's parser has a limit of its own. */
const MAX_DEPTH = 20;
const TOO_DEEP = "…";

/** Text that PostgreSQL can store: no NUL and no half of a surrogate pair. */
export function storable(text: string): string {
  return text.replaceAll("\0", "\uFFFD").toWellFormed();
}

function clean(value: unknown, depth: number, max = MAX_DEPTH): unknown {
  if (typeof value === "string") return storable(value);
  if (typeof value !== "object" || value === null) return value;
  if (depth === max) return TOO_DEEP;
  if (Array.isArray(value)) return value.map((item) => clean(item, depth + 1, max));
  const entries = Object.entries(value).map(([name, inner]) => [storable(name), clean(inner, depth + 1, max)] as const);
  return Object.fromEntries(entries);
}

/** Levels that are kept of what is to be read again by programs. */
export const KEPT_LEVELS = 256;

/** Whether a value is nested no deeper than this. Level by level, because what is deeper would break a recursion. */
export function isShallow(value: unknown, levels: number): boolean {
  let level = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth >= levels) return false;
    level = level.flatMap((one) =>
      typeof one === "object" && one !== null ? Object.values(one).filter((inner) => typeof inner === "object") : [],
    );
  }
  return true;
}

/** Any value as PostgreSQL can store it, to 256 levels; below them stands `…`. */
export function storableValue(value: unknown): unknown {
  return clean(value, 0, KEPT_LEVELS);
}

/** A text of at most `max` characters from a value of any type; undefined from none. */
export function textOf(value: unknown, max: number): string | undefined {
  if (value === undefined || value === null || value === "") return;
  // Cut first: the parser takes deeper nesting than what writes it as text.
  const text = typeof value === "object" ? JSON.stringify(clean(value, 0)) : String(value);
  return storable(text.slice(0, max));
}

/** The same object as PostgreSQL can store it. */
export function storableObject(object: JsonObject): JsonObject {
  const entries = Object.entries(object).map(([name, value]) => [storable(name), clean(value, 1)] as const);
  return Object.fromEntries(entries);
}

/** The object that a body holds in JSON; null when it holds none. */
export function parseObject(body: Buffer): JsonObject | null {
  try {
    const text = body.toString("utf8");
    const value: unknown = JSON.parse(text.startsWith("\uFEFF") ? text.slice(1) : text);
    return isObject(value) ? value : null;
  } catch {
    return null; // not JSON, or nested more deeply than the parser goes
  }
}
