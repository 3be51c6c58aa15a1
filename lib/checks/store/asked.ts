import type { Filters } from "@/lib/checks/classify";
import { DEFAULT_RULES, type Rules, rulesOf } from "@/lib/checks/rules";
import type { CheckState } from "@/lib/checks/state";
import { type CheckFields, columnOf, DEFAULT_CHECK } from "./fields";

/** The fields by which a check asks more of signals than its schedule does. */
const NAMES = [
  "methods",
  "manualResume",
  "filterHttpBody",
  "filterDefaultFail",
  "startKeywords",
  "successKeywords",
  "failureKeywords",
  "warningExits",
  "ignorePreviews",
  "maxMisses",
  "maxRunSeconds",
  "minRunSeconds",
  "singleRun",
  "stuckAfter",
  "metrics",
] as const satisfies (keyof CheckFields)[];

/** The column `asked` of a row: null for a check that asks nothing, which nearly all are. */
export type AskedRow = (Pick<CheckFields, (typeof NAMES)[number]> & Pick<CheckState, "progress" | "missed">) | null;

const isDefault = (name: (typeof NAMES)[number]): string => {
  const value = DEFAULT_CHECK[name];
  return value === null ? `${columnOf(name)} IS NULL` : `${columnOf(name)} = '${value}'`;
};

const MISSED_MS = "round(extract(epoch FROM missed_through) * 1000)";

/** One column in place of sixteen, which would cost the driver more to read than all that is in them. */
export const SELECT_ASKED = `CASE WHEN progress IS NULL AND missed_through IS NULL AND ${NAMES.map(isDefault).join(" AND ")} THEN NULL
  ELSE json_build_object(${NAMES.map((name) => `'${name}', ${columnOf(name)}`).join(", ")},
    'progress', CASE WHEN progress IS NOT NULL THEN json_build_object('value', progress, 'count', progress_count) END,
    'missed', CASE WHEN missed_through IS NOT NULL THEN json_build_object('count', missed_count, 'through', ${MISSED_MS}) END) END AS asked`;

type Asked = { filters: Filters; rules: Rules; metrics: CheckFields["metrics"] } & Pick<
  CheckState,
  "progress" | "missed"
>;

const NOTHING: Asked = { filters: DEFAULT_CHECK, rules: DEFAULT_RULES, metrics: null, progress: null, missed: null };

/** What a check asks of signals. Shared by all that ask nothing, so it must not be changed. */
export function askedOf(row: AskedRow): Asked {
  if (row === null) return NOTHING;
  return { filters: row, rules: rulesOf(row), metrics: row.metrics, progress: row.progress, missed: row.missed };
}
