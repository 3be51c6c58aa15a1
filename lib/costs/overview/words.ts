/** Pure: costs as people read them. Dollars, and days as `YYYY-MM-DD`. */
import type { CostGrouping, CostOverview } from "./schema";

/** Dollars to the cent; less than ten cents with two digits that count, so that little is not nothing. */
export function roundUsd(usd: number): string {
  const isLittle = usd > 0 && usd < 0.1;
  const digits = isLittle ? { maximumSignificantDigits: 2 } : { minimumFractionDigits: 2, maximumFractionDigits: 2 };
  return `$${usd.toLocaleString("en", digits)}`;
}

/** A share from 0 to 1 in whole percent; some, but less than one, is told as such. */
export function percentOf(share: number): string {
  if (share > 0 && share < 0.01) return "< 1 %";
  return `${Math.round(share * 100)} %`;
}

/** What a day is called beside an axis: `Nov 22`. */
export const dayWords = (day: string): string =>
  new Date(day).toLocaleDateString("en", { month: "short", day: "numeric", timeZone: "UTC" });

/** The name of the month of a day. */
export const monthWords = (day: string): string =>
  new Date(day).toLocaleDateString("en", { month: "long", timeZone: "UTC" });

const countWords = (count: number, one: string): string =>
  `${count.toLocaleString("en")} ${one}${count === 1 ? "" : "s"}`;

/** From here on it has only just begun, and how much more it is says nothing. */
const NO_COMPARISON = 10;

/** How much more or less it is than before; null where next to nothing was spent before. */
function changeWords(now: number, before: number): string | null {
  if (before * NO_COMPARISON <= now) return null;
  const change = Math.round((now / before - 1) * 100);
  if (change === 0) return "as much as";
  return change > 0 ? `${change.toLocaleString("en")} % more than` : `${-change} % less than`;
}

/** What the period cost, in one sentence. */
export function periodWords({ total_cost_usd: total, previous_cost_usd: before, ...found }: CostOverview): string {
  const days = found.period_days === 1 ? "day" : countWords(found.period_days, "day");
  const change = changeWords(total, before);
  const compared = change === null ? "" : `, ${change} in the ${days} before`;
  return `${roundUsd(total)} in all${compared}; ${countWords(found.instance_count, "instance")} began`;
}

/** What is missing in the sums; null when nothing is. */
export const unpricedWords = (steps: number): string | null =>
  steps === 0
    ? null
    : `${countWords(steps, "step")} used a model whose price is not known, or named none: what ${steps === 1 ? "it" : "they"} cost is missing here.`;

/** What a grouping is called, alone and in a sentence about those that are not told. */
export const GROUPING_WORDS: Record<CostGrouping, string> = {
  workflow: "Workflow",
  model: "Model",
  agent: "Agent",
  tag: "Tag",
};
