import { type CheckFields, DEFAULT_CHECK } from "@/lib/checks/store/fields";
import type { ApiVersion, CheckInput } from "./schema";

const MAX_SLUG = 100;

/** A slug from a name, as the reference makes it: ASCII letters, digits, `-` and `_` only. */
export function slugify(name: string): string {
  return name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9_\s-]/g, "")
    .replace(/[\s-]+/g, "-")
    .replace(/^[-_]+|[-_]+$/g, "")
    .slice(0, MAX_SLUG);
}

/** Versions 1 and 2 derive the slug from a new name. */
function slugOf(fields: CheckFields, { name }: CheckInput, version: ApiVersion): string {
  return version < 3 && name !== undefined && name !== fields.name ? slugify(name) : fields.slug;
}

type Timing = Pick<CheckFields, "schedule" | "timeoutSeconds">;

/** Having no schedule wins over a schedule, which wins over a period. */
function timing(fields: CheckFields, { schedule, timeout, unscheduled }: CheckInput): Timing {
  if (unscheduled === true) return { schedule: null, timeoutSeconds: null };
  if (schedule !== undefined) return { schedule, timeoutSeconds: null };
  if (timeout !== undefined) return { schedule: null, timeoutSeconds: timeout };
  const isToGetOne = unscheduled === false && fields.schedule === null;
  const { timeoutSeconds } = fields;
  return {
    schedule: fields.schedule,
    timeoutSeconds: timeoutSeconds ?? (isToGetOne ? DEFAULT_CHECK.timeoutSeconds : null),
  };
}

type Keywords = Pick<CheckFields, "startKeywords" | "successKeywords" | "failureKeywords" | "filterSubject">;

/** `subject` and `subject_fail` are the old names of the keywords; using one switches the subject filter on or off. */
function keywords(fields: CheckFields, input: CheckInput): Keywords {
  const success = input.subject ?? fields.successKeywords;
  const failure = input.subject_fail ?? fields.failureKeywords;
  const usesOldNames = input.subject !== undefined || input.subject_fail !== undefined;
  const filterSubject = usesOldNames ? success !== "" || failure !== "" : fields.filterSubject;
  return {
    startKeywords: input.start_kw ?? fields.startKeywords,
    successKeywords: input.success_kw ?? success,
    failureKeywords: input.failure_kw ?? failure,
    filterSubject: input.filter_subject ?? filterSubject,
  };
}

type Filters = Pick<CheckFields, "manualResume" | "methods" | "filterBody" | "filterHttpBody" | "filterDefaultFail">;

function filters(fields: CheckFields, input: CheckInput): Filters {
  return {
    manualResume: input.manual_resume ?? fields.manualResume,
    methods: input.methods ?? fields.methods,
    filterBody: input.filter_body ?? fields.filterBody,
    filterHttpBody: input.filter_http_body ?? fields.filterHttpBody,
    filterDefaultFail: input.filter_default_fail ?? fields.filterDefaultFail,
  };
}

type RuleFields = Pick<
  CheckFields,
  | "maxMisses"
  | "maxRunSeconds"
  | "minRunSeconds"
  | "singleRun"
  | "stuckAfter"
  | "warningExits"
  | "ignorePreviews"
  | "metrics"
>;

/** Null takes a rule away, so only what is left out stays. */
const given = <T>(value: T | undefined, stored: T): T => (value === undefined ? stored : value);

function rules(fields: CheckFields, input: CheckInput): RuleFields {
  return {
    maxMisses: given(input.max_misses, fields.maxMisses),
    maxRunSeconds: given(input.max_run_seconds, fields.maxRunSeconds),
    minRunSeconds: given(input.min_run_seconds, fields.minRunSeconds),
    singleRun: given(input.single_run, fields.singleRun),
    stuckAfter: given(input.stuck_after, fields.stuckAfter),
    warningExits: given(input.warning_exits, fields.warningExits),
    ignorePreviews: given(input.ignore_previews, fields.ignorePreviews),
    metrics: given(input.metrics, fields.metrics),
  };
}

/** The fields of a check after a create or an update; what the input leaves out stays. */
export function applyInput(fields: CheckFields, input: CheckInput, version: ApiVersion): CheckFields {
  return {
    ...timing(fields, input),
    ...keywords(fields, input),
    ...filters(fields, input),
    ...rules(fields, input),
    name: input.name ?? fields.name,
    slug: input.slug ?? slugOf(fields, input, version),
    tags: input.tags ?? fields.tags,
    description: input.desc ?? fields.description,
    timeZone: input.tz ?? fields.timeZone,
    graceSeconds: input.grace ?? fields.graceSeconds,
  };
}
