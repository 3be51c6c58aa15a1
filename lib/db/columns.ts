import type { Written } from "./bind";

/** What an array literal can hold as it stands: numbers, booleans, null, and words without `{ } , " \` or space. */
type Plain = string | number | boolean | null;

/**
 * An array literal of PostgreSQL from values that need no quoting, such as numbers, UUIDs, addresses and enum words.
 * The driver quotes every element instead, which costs more than the rest of a signal. Never for text of users.
 * Source: PostgreSQL manual, Arrays, Array Input and Output Syntax.
 */
export function plainArray(values: Plain[]): string {
  return `{${(values.includes(null) ? values.map((value) => value ?? "NULL") : values).join()}}`;
}

const ESCAPED = /["\\]/;

const quoted = (value: string | null): string =>
  value === null ? "NULL" : `"${ESCAPED.test(value) ? value.replaceAll(/["\\]/g, "\\$&") : value}"`;

/** Whether nothing but quotes has to be put around it. */
const isAsItStands = (value: string | null): boolean => value !== null && !ESCAPED.test(value);

/** Text of users as an array literal of PostgreSQL. Only what needs it is searched for what is to be escaped. */
export function textArray(values: (string | null)[]): string {
  if (values.length > 0 && values.every(isAsItStands)) return `{"${values.join('","')}"}`;
  return `{${values.map(quoted).join()}}`;
}

const JSONB_OID = 3802;
/** The one version of the binary form of jsonb. */
const JSONB_VERSION = 1;
/** Dimensions, whether there are nulls, the type of elements, how many, and the number of the first. */
const ARRAY_HEADER = 20;
/** The same of one without elements, which has no dimension. */
const EMPTY_HEADER = 12;

/**
 * JSON texts as an array of jsonb in PostgreSQL's binary form, for a parameter that is cast to `jsonb[]`. Long texts that are
 * full of quotes need not be escaped here and searched there. Source: PostgreSQL's sources, `array_recv` and `jsonb_recv`.
 */
export function jsonbArray(texts: (string | null)[]): Written {
  const sizes = texts.map((text) => (text === null ? -1 : Buffer.byteLength(text) + 1));
  const byteLength =
    texts.length === 0 ? EMPTY_HEADER : sizes.reduce((sum, size) => sum + 4 + Math.max(0, size), ARRAY_HEADER);
  const header = [texts.length === 0 ? 0 : 1, sizes.includes(-1) ? 1 : 0, JSONB_OID, texts.length, 1];
  const writeTo = (bytes: Buffer, begin: number): number => {
    let at = begin;
    for (const value of header.slice(0, texts.length === 0 ? 3 : 5)) at = bytes.writeInt32BE(value, at);
    texts.forEach((text, index) => {
      at = bytes.writeInt32BE(sizes[index] ?? -1, at);
      if (text === null) return;
      at = bytes.writeUInt8(JSONB_VERSION, at);
      at += bytes.write(text, at);
    });
    return at;
  };
  const toPostgres = (): Buffer => {
    const bytes = Buffer.allocUnsafe(byteLength);
    writeTo(bytes, 0);
    return bytes;
  };
  return { byteLength, writeTo, toPostgres };
}
