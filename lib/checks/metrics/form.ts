import type { MetricSetting } from "./metric";

/** A number to look for as a form holds it: bounds are texts while they are typed, blank where nothing is asked. */
export type MetricRow = { key: string; name: string; min: number | string; max: number | string };

export const newMetricRow = (key: string): MetricRow => ({ key, name: "", min: "", max: "" });

/** The rows of a form for what is stored. */
export function metricRows(stored: MetricSetting[] | null): MetricRow[] {
  return (stored ?? []).map(({ name, min = "", max = "" }) => ({ key: name, name, min, max }));
}

const boundOf = (typed: number | string): number | null => (typed === "" ? null : Number(typed));

/** What the rows of a form ask for, in the words of the management API. */
export function metricSettings(rows: MetricRow[]): { name: string; min: number | null; max: number | null }[] {
  return rows.map(({ name, min, max }) => ({ name: name.trim(), min: boundOf(min), max: boundOf(max) }));
}
