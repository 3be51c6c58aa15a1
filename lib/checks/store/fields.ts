import type { MetricSetting } from "@/lib/checks/metrics/metric";
import type { Schedule } from "@/lib/checks/schedule/schedule";

/** What people set about a check. At least one of `timeoutSeconds` and `schedule` is null; with both it has no schedule. */
export type CheckFields = {
  name: string;
  slug: string;
  tags: string;
  description: string;
  timeoutSeconds: number | null;
  schedule: string | null;
  timeZone: string;
  graceSeconds: number;
  manualResume: boolean;
  methods: string;
  startKeywords: string;
  successKeywords: string;
  failureKeywords: string;
  filterSubject: boolean;
  filterBody: boolean;
  filterHttpBody: boolean;
  filterDefaultFail: boolean;
  maxMisses: number;
  maxRunSeconds: number | null;
  minRunSeconds: number | null;
  singleRun: boolean;
  stuckAfter: number | null;
  warningExits: string;
  ignorePreviews: boolean;
  /** The numbers looked for in signals, with their bounds; null without any. */
  metrics: MetricSetting[] | null;
};

/** A check nobody configured: once a day, with an hour of grace. */
export const DEFAULT_CHECK: CheckFields = {
  name: "",
  slug: "",
  tags: "",
  description: "",
  timeoutSeconds: 86_400,
  schedule: null,
  timeZone: "UTC",
  graceSeconds: 3600,
  manualResume: false,
  methods: "",
  startKeywords: "",
  successKeywords: "",
  failureKeywords: "",
  filterSubject: false,
  filterBody: false,
  filterHttpBody: false,
  filterDefaultFail: false,
  maxMisses: 1,
  maxRunSeconds: null,
  minRunSeconds: null,
  singleRun: false,
  stuckAfter: null,
  warningExits: "",
  ignorePreviews: false,
  metrics: null,
};

/** The schedule that a check's fields describe. */
export function scheduleOf(fields: Pick<CheckFields, "timeoutSeconds" | "schedule" | "timeZone">): Schedule {
  if (fields.timeoutSeconds !== null) return { kind: "period", timeoutSeconds: fields.timeoutSeconds };
  if (fields.schedule === null) return { kind: "none" };
  return { kind: "calendar", expression: fields.schedule, timeZone: fields.timeZone };
}

/** The fields in the order in which they are written; each has a column of the same name in snake case. */
const NAMES = Object.keys(DEFAULT_CHECK) as (keyof CheckFields)[]; // Object.keys gives string[]
/** The column of a field. */
export const columnOf = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

export const FIELD_COLUMNS = NAMES.map(columnOf);

/** A list for SELECT that gives each field by its own name. */
export const SELECT_FIELDS = NAMES.map((name) => `${columnOf(name)} AS "${name}"`).join(", ");

/** The values of the fields, in the order of the columns. */
export function fieldValues(fields: CheckFields): unknown[] {
  return NAMES.map((name) => {
    const value = fields[name];
    // The driver takes arrays for those of PostgreSQL, but this column is JSON.
    return typeof value === "object" && value !== null ? JSON.stringify(value) : value;
  });
}

/** The fields alone of a row that holds more. */
export function fieldsOf(row: CheckFields): CheckFields {
  // The names are those of the fields, each with its own value.
  return Object.fromEntries(NAMES.map((name) => [name, row[name]])) as CheckFields;
}
