/** Pure: what the database has added up, as a project's costs are shown. Money is micro-dollars up to where it is shown. */
import { dollars } from "@/lib/core/money";
import { type DayCost, dayBefore, monthEnd } from "@/lib/costs/forecast";
import type { CostDay, CostGroup, CostGrouping, CostOverview } from "./schema";

/** Groups that are listed by themselves; all others are one. */
export const MAX_GROUPS = 200;
/** Groups whose days are told apart; more colours than this cannot be. */
export const MAX_PARTS = 8;

const WEEK_DAYS = 7;
/** The days of the longest month, and those that its forecast looks back from its first day. */
const FIGURE_DAYS = 31 + 14;

/** How many days back the sums of days have to go, today included. */
export const daysNeeded = (days: number): number => Math.max(2 * days, FIGURE_DAYS);

/** Some steps added up. What is not kept is null. */
export type Sums = {
  steps: number;
  costMicros: number;
  inputTokens: number | null;
  outputTokens: number | null;
  unpriced: number | null;
};

/** Steps of one group, or of all that are not listed by themselves, where the key is null. */
export type GroupSums = Sums & { key: string | null };
/** What a group cost on a day; null is the key of all but the dearest. */
export type CellSums = { day: string; key: string | null; costMicros: number };
export type DaySums = DayCost & { unpriced: number };

/** What was found of a project. `groups` come dearest first, the one without a key last. */
export type FoundCosts = {
  by: CostGrouping;
  periodDays: number;
  today: string;
  timeZone: string;
  /** All days with costs since `daysNeeded`, in any order. */
  daily: DaySums[];
  groups: GroupSums[];
  cells: CellSums[];
  instances: number;
  /** Names of workflows by id. */
  names: ReadonlyMap<string, string>;
};

/** What was spent on so many days up to this one. */
function spentUpTo(daily: readonly DayCost[], last: string, days: number): number {
  const before = dayBefore(last, days);
  return daily.reduce((sum, { day, costMicros }) => (day > before && day <= last ? sum + costMicros : sum), 0);
}

const dayOfMonth = (day: string): number => Number(day.slice(-2));

/** What a group is called: workflows by their names, others as they were told. */
export function groupName(key: string | null, by: CostGrouping, names: ReadonlyMap<string, string>): string {
  if (key === null) return "Others";
  if (by === "workflow") return names.get(key) ?? key;
  return key === "" ? "not told" : key;
}

function toGroup({ key, costMicros, ...sums }: GroupSums, name: string, totalMicros: number): CostGroup {
  return {
    key,
    name,
    cost_usd: dollars(costMicros),
    share: totalMicros === 0 ? 0 : costMicros / totalMicros,
    steps: sums.steps,
    input_tokens: sums.inputTokens,
    output_tokens: sums.outputTokens,
    unpriced_steps: sums.unpriced,
  };
}

/** So many days up to today, oldest first, also those on which nothing was spent. */
function toDays({
  cells,
  daily,
  today,
  periodDays: days,
}: Pick<FoundCosts, "cells" | "daily" | "today" | "periodDays">): CostDay[] {
  const totals = new Map(daily.map(({ day, costMicros }) => [day, costMicros]));
  const found = new Map<string, CellSums[]>();
  for (const cell of cells) found.set(cell.day, [...(found.get(cell.day) ?? []), cell]);
  return Array.from({ length: days }, (_, index) => {
    const day = dayBefore(today, days - 1 - index);
    const parts = found.get(day) ?? [];
    const costs = parts.flatMap(({ key, costMicros }): [string, number][] =>
      key === null || costMicros === 0 ? [] : [[key, dollars(costMicros)]],
    );
    const other = parts.find(({ key }) => key === null)?.costMicros ?? 0;
    return {
      day,
      total_cost_usd: dollars(totals.get(day) ?? 0),
      costs: Object.fromEntries(costs),
      other_cost_usd: dollars(other),
    };
  });
}

/** The costs of a project as they are shown: figures, groups with their shares, and every day of the period. */
export function toOverview({ by, periodDays, today, timeZone, daily, ...found }: FoundCosts): CostOverview {
  const total = spentUpTo(daily, today, periodDays);
  const start = dayBefore(today, periodDays);
  const forecast = monthEnd(daily, today);
  return {
    period_days: periodDays,
    today_cost_usd: dollars(spentUpTo(daily, today, 1)),
    week_cost_usd: dollars(spentUpTo(daily, today, WEEK_DAYS)),
    month_cost_usd: dollars(spentUpTo(daily, today, dayOfMonth(today))),
    month_forecast_usd: forecast === null ? null : dollars(forecast),
    total_cost_usd: dollars(total),
    previous_cost_usd: dollars(spentUpTo(daily, start, periodDays)),
    instance_count: found.instances,
    unpriced_steps: daily.reduce((sum, { day, unpriced }) => (day > start && day <= today ? sum + unpriced : sum), 0),
    by,
    sums_overlap: by === "tag",
    groups: found.groups.map((group) => toGroup(group, groupName(group.key, by, found.names), total)),
    days: toDays({ cells: found.cells, daily, today, periodDays }),
    currency: "USD",
    time_zone: timeZone,
  };
}

/** Whether a project has told anything of costs lately; one that never has is shown how that is done. */
export const hasAnyCosts = ({ groups, ...overview }: CostOverview): boolean =>
  groups.length > 0 ||
  [overview.total_cost_usd, overview.previous_cost_usd, overview.month_cost_usd, overview.unpriced_steps].some(
    (value) => value > 0,
  );
