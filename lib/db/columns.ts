/** What an array literal can hold as it stands: numbers, booleans, null, and words without `{ } , " \` or space. */
type Plain = string | number | boolean | null;

/**
 * An array literal of PostgreSQL from values that need no quoting, such as numbers, UUIDs, addresses and enum words.
 * The driver quotes every element instead, which costs more than the rest of a signal. Never for text of users.
 * Source: PostgreSQL manual, Arrays, Array Input and Output Syntax.
 */
export function plainArray(values: Plain[]): string {
  let literal = "{";
  for (let index = 0; index < values.length; index += 1) {
    if (index > 0) literal += ",";
    literal += values[index] ?? "NULL";
  }
  return `${literal}}`;
}

const ESCAPED = /["\\]/;

/** Text of users as an array literal of PostgreSQL. Only what needs it is searched for what is to be escaped. */
export function textArray(values: (string | null)[]): string {
  let literal = "{";
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] ?? null;
    if (index > 0) literal += ",";
    if (value === null) literal += "NULL";
    else literal += `"${ESCAPED.test(value) ? value.replaceAll(/["\\]/g, "\\$&") : value}"`;
  }
  return `${literal}}`;
}
