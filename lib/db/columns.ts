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
