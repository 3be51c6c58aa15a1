import { usdWords } from "@/lib/core/money";

const CENTS_TELL = 0.1;

/** Dollars in cents where cents tell enough, else to the last digit. */
export const aboutUsd = (usd: number): string =>
  usdWords(Math.abs(usd) < CENTS_TELL ? usd : Math.round(usd * 100) / 100);
