import { decodeCursor } from "@/lib/core/cursor";
import { invalid } from "@/lib/core/errors";

/** Microseconds since 1970 of a column: a Date would lose what tells two rows of one millisecond apart. */
export const MICROS = (column: string): string => `(extract(epoch FROM ${column}) * 1000000)::float8`;

/** The moment of a parameter in microseconds since 1970. */
export const MOMENT = (parameter: string): string =>
  `('epoch'::timestamptz + ${parameter}::float8 * interval '1 microsecond')`;

/**
 * Where a list goes on: microseconds since 1970 and what tells rows of one moment apart, if that is one of this list.
 * Null at its beginning. Throws `invalid_input`.
 */
export function momentCursor<T extends string | number>(
  cursor: string | undefined,
  isKnown: (second: string | number) => second is T,
): [number, T] | null {
  const decoded = decodeCursor(cursor, 2);
  if (decoded === null) return null;
  const [at, second] = decoded;
  if (typeof at === "number" && Number.isSafeInteger(at) && second !== undefined && isKnown(second))
    return [at, second];
  throw invalid("cursor", "is not a cursor of this list");
}

/** The number a list goes on below; null at its beginning. Throws `invalid_input`. */
export function numberCursor(cursor: string | undefined): number | null {
  const [at = null] = decodeCursor(cursor, 1) ?? [];
  if (at === null || (typeof at === "number" && Number.isSafeInteger(at))) return at;
  throw invalid("cursor", "is not a cursor of this list");
}
