/** Pure: what models cost on the days of a period, for a chart. Days are `YYYY-MM-DD`. */
import { dollars } from "@/lib/core/money";
import { DAY } from "@/lib/core/time";

/** What a model cost on a day; '' where none was told. */
export type ModelDay = { day: string; model: string; costMicros: number };

/** A model of its own in the chart, or all the others. `key` names it in the days, whatever letters its name has. */
export type Series = { key: string; label: string };
export type ChartDay = { day: string; totalUsd: number; usd: Record<string, number> };
export type DayModels = { series: Series[]; days: ChartDay[] };

/** More could not be told apart. */
const MAX_SERIES = 6;
const UNNAMED = "No model named";
const OTHERS: Series = { key: "others", label: "Other models" };

const dayAfter = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * DAY).toISOString().slice(0, "YYYY-MM-DD".length);

/** So many days, the last of which is today. */
export const daysUntil = (today: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => dayAfter(today, index - count + 1));

function totals(rows: readonly ModelDay[]): [model: string, micros: number][] {
  const sums = new Map<string, number>();
  for (const { model, costMicros } of rows) sums.set(model, (sums.get(model) ?? 0) + costMicros);
  return [...sums].filter(([, micros]) => micros > 0).sort(([a, left], [b, right]) => right - left || (a < b ? -1 : 1));
}

/** The series of a chart, the dearest first, and the key of the one each model is part of. */
function seriesOf(rows: readonly ModelDay[]): { series: Series[]; keys: Map<string, string> } {
  const models = totals(rows).map(([model]) => model);
  const own = models.length > MAX_SERIES ? models.slice(0, MAX_SERIES - 1) : models;
  const series = own.map((model, index): Series => ({ key: `m${index}`, label: model === "" ? UNNAMED : model }));
  const keys = new Map(models.map((model, index) => [model, series[index]?.key ?? OTHERS.key]));
  return { series: own.length < models.length ? [...series, OTHERS] : series, keys };
}

/** What each day cost, by model: the dearest ones by themselves. Days without a cost are 0. */
export function dayModels(rows: readonly ModelDay[], days: readonly string[]): DayModels {
  const wanted = new Set(days);
  const within = rows.filter(({ day }) => wanted.has(day));
  const { series, keys } = seriesOf(within);
  const micros = new Map(days.map((day) => [day, new Map<string, number>()]));
  for (const { day, model, costMicros } of within) {
    const sums = micros.get(day);
    const key = keys.get(model);
    if (sums !== undefined && key !== undefined) sums.set(key, (sums.get(key) ?? 0) + costMicros);
  }
  const chart = [...micros].map(([day, sums]): ChartDay => {
    const usd = Object.fromEntries(series.map(({ key }) => [key, dollars(sums.get(key) ?? 0)]));
    return { day, totalUsd: dollars([...sums.values()].reduce((sum, one) => sum + one, 0)), usd };
  });
  return { series, days: chart };
}
