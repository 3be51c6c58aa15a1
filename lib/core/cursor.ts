import { invalid } from "./errors";

/** An opaque position in a list: the sort values of the last row that was shown. */
function encodeCursor(values: (string | number)[]): string {
  return Buffer.from(JSON.stringify(values)).toString("base64url");
}

/** Reads a cursor back; null without one. Throws `invalid_input` when it is not one of ours. */
export function decodeCursor(cursor: string | undefined, length: number): (string | number)[] | null {
  if (cursor === undefined) return null;
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString());
    const known = (value: unknown): value is string | number => ["string", "number"].includes(typeof value);
    if (Array.isArray(values) && values.length === length && values.every(known)) return values;
  } catch {
    // Falls through to the same answer as any other foreign cursor.
  }
  throw invalid("cursor", "is not a cursor of this list");
}

export type Page<T> = { items: T[]; nextCursor: string | null };

/** Cuts `limit + 1` fetched rows into a page; the extra row only tells that more follow. */
export function toPage<T>(rows: T[], limit: number, position: (row: T) => (string | number)[]): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last !== undefined ? encodeCursor(position(last)) : null };
}
