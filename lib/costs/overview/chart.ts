/** Pure: what the chart of a project's costs shows. Dollars, and days as `YYYY-MM-DD`. */
import type { CostDay, CostGroup } from "./schema";

/** One colour of the chart. `id` is safe as a name of data, whatever the key is; the key of all others is null. */
export type CostPart = { id: string; key: string | null; name: string; colour: string };
/** What each part cost on a day, by its id; `height` is that of all parts, which may overlap, `total` what the day cost. */
export type CostBar = { day: string; total: number; height: number; usd: Record<string, number> };

/** Told apart also by those who see few colours, in both schemes; dearest first. */
const COLOURS = ["blue.6", "orange.6", "teal.6", "grape.5", "yellow.6", "cyan.5", "pink.5", "lime.7"];
const OTHERS = "gray.6";

/** The colour of a group by its place in the list. */
export const colourOf = (place: number): string => COLOURS[place] ?? OTHERS;

/** A colour of the theme for what takes those of style sheets. */
export const colourVariable = (colour: string): string => `var(--mantine-color-${colour.replace(".", "-")})`;

/** The parts of the chart, dearest first: those groups that cost anything, and all that have no colour of their own. */
export function partsOf(groups: readonly CostGroup[], days: readonly CostDay[]): CostPart[] {
  const parts = groups.slice(0, COLOURS.length).flatMap(({ key, name, cost_usd: usd }, place) => {
    return key === null || usd === 0 ? [] : [{ id: `part${place}`, key, name, colour: colourOf(place) }];
  });
  const hasOthers = days.some(({ other_cost_usd: usd }) => usd > 0);
  return hasOthers ? [...parts, { id: "others", key: null, name: "Others", colour: OTHERS }] : parts;
}

const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);

/** The bars of the chart, a day each. */
export function barsOf(parts: readonly CostPart[], days: readonly CostDay[]): CostBar[] {
  return days.map(({ day, total_cost_usd: total, costs, other_cost_usd: other }) => {
    const own = new Map(Object.entries(costs));
    const usd = parts.map(({ id, key }): [string, number] => [id, key === null ? other : (own.get(key) ?? 0)]);
    return { day, total, height: sum(usd.map(([, cost]) => cost)), usd: Object.fromEntries(usd) };
  });
}
