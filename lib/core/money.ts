/** Money is counted in whole micro-dollars, so that sums are exact. */
const MICROS_PER_USD = 1_000_000;

/** Micro-dollars as the dollars that APIs show. */
export const dollars = (micros: number): number => micros / MICROS_PER_USD;

/** Dollars that somebody sent, as micro-dollars. */
export const toMicros = (usd: number): number => Math.round(usd * MICROS_PER_USD);

/** Dollars as people read them: exact to a micro-dollar, and never with less than cents. */
export const usdWords = (usd: number): string =>
  `${usd < 0 ? "−" : ""}$${Math.abs(usd).toLocaleString("en", { minimumFractionDigits: 2, maximumFractionDigits: 6 })}`;
