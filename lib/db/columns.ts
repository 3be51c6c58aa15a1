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

/** Text of users as a parameter: the driver quotes it, unless there is none, which is nearly always so. */
export function textArray(values: (string | null)[]): string | (string | null)[] {
  return values.every((value) => value === null) ? plainArray(values) : values;
}
