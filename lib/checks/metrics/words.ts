import type { Bounds, OutOfBounds } from "./metric";

/** Series whose unit is known: what jobs report of themselves. */
const UNITS: ReadonlyMap<string, string> = new Map([
  ["duration", "s"],
  ["ping", "ms"],
]);

const SHOWN = 3;
const SHOWN_NAME = 60;

/** As many digits as a number that was sent can be told by, and as a mean needs. */
const [EXACT, MEAN] = [15, 5];

/** A number for people: `12,000`, `0.25`, `1.5e+21`. */
function numberWords(value: number, digits: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e15 || size < 1e-4)) return String(Number(value.toPrecision(digits)));
  const whole = Math.ceil(Math.log10(size + 1));
  return value.toLocaleString("en", { maximumSignificantDigits: Math.max(digits, whole) });
}

function withUnit(name: string, words: string): string {
  const unit = UNITS.get(name);
  return unit === undefined ? words : `${words} ${unit}`;
}

/** The value of a series, with its unit if it has one: `12.5 s`. */
export const valueWords = (name: string, value: number): string => withUnit(name, numberWords(value, EXACT));

/** What several values of a series come to, rounded. */
export const meanWords = (name: string, value: number): string => withUnit(name, numberWords(value, MEAN));

/** What is asked of a number: `at least 1`, `at most 500 ms`, `1 to 10`; null when nothing is. */
export function askedWords({ name, min = null, max = null }: Bounds & { name: string }): string | null {
  if (min !== null && max !== null) return `${valueWords(name, min)} to ${valueWords(name, max)}`;
  if (min !== null) return `at least ${valueWords(name, min)}`;
  return max === null ? null : `at most ${valueWords(name, max)}`;
}

const cut = (name: string): string => (name.length > SHOWN_NAME ? `${name.slice(0, SHOWN_NAME)}…` : name);

function oneBound(outside: OutOfBounds): string {
  return `${cut(outside.name)} was ${valueWords(outside.name, outside.value)}, ${askedWords(outside) ?? "another"} is asked`;
}

/** Which numbers were outside of what is asked: `rows was 0, at least 1 is asked`. */
export function boundWords(outside: readonly OutOfBounds[]): string {
  const more = outside.length - SHOWN;
  const told = outside.slice(0, SHOWN).map(oneBound).join("; ");
  return more > 0 ? `${told}; and ${more} more` : told;
}
