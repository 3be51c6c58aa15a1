import type { z } from "zod";
import { type Duration, toDuration, UNITS } from "@/lib/checks/form";
import type { Kind, Mode } from "./definition";
import { CreateWorkflow, type UpdateWorkflow, type Workflow } from "./schema";

/** A declared stage as the form holds it; `key` stays with it wherever it is moved. A blank timeout bounds nothing. */
export type StageForm = { key: string; name: string; timeout: Duration };

/** A workflow as the form holds it. Blank durations bound nothing. */
export type WorkflowForm = {
  kind: Kind;
  /** The id of choice of a dynamic one; blank for a generated one. */
  id: string;
  name: string;
  mode: Mode;
  strictAgents: boolean;
  grace: Duration;
  instanceTimeout: Duration;
  stages: StageForm[];
  allChannels: boolean;
  channels: string[];
};

const NONE: Duration = { count: "", unit: "minutes" };

/** A stage that bounds nothing yet. `key` tells it from the others of its form. */
export const newStage = (key: string, name = ""): StageForm => ({ key, name, timeout: NONE });

/** A new workflow: static, flexible, with two stages, told to every channel. */
export function newForm(): WorkflowForm {
  return {
    kind: "static",
    id: "",
    name: "",
    mode: "flexible",
    strictAgents: false,
    grace: NONE,
    instanceTimeout: NONE,
    stages: [newStage("1"), newStage("2")],
    allChannels: true,
    channels: [],
  };
}

const durationOf = (seconds: number | null): Duration => (seconds === null ? NONE : toDuration(seconds));

/** The form of a workflow that exists. */
export function formOf(workflow: Workflow): WorkflowForm {
  return {
    kind: workflow.kind,
    id: workflow.id,
    name: workflow.name,
    mode: workflow.validation_mode,
    strictAgents: workflow.strict_agents,
    grace: durationOf(workflow.grace_period_seconds),
    instanceTimeout: durationOf(workflow.instance_timeout_seconds),
    stages: workflow.stages.map(({ order, name, timeout_seconds }) => ({
      key: String(order),
      name,
      timeout: durationOf(timeout_seconds),
    })),
    allChannels: workflow.channels === null,
    channels: workflow.channels ?? [],
  };
}

const secondsOf = ({ count, unit }: Duration): number | null => (count === "" ? null : Number(count) * UNITS[unit]);

function settingsOf(form: WorkflowForm) {
  return {
    name: form.name.trim(),
    validation_mode: form.mode,
    strict_agents: form.strictAgents,
    // Strict mode knows no grace period.
    grace_period_seconds: form.mode === "strict" ? null : secondsOf(form.grace),
    instance_timeout_seconds: secondsOf(form.instanceTimeout),
    channels: form.allChannels ? null : form.channels,
  };
}

const stagesOf = ({ stages }: WorkflowForm) =>
  stages.map(({ name, timeout }) => ({ name: name.trim(), timeout_seconds: secondsOf(timeout) }));

/** The form in the words of `POST /api/workflows`. */
export function toCreate(form: WorkflowForm): z.input<typeof CreateWorkflow> {
  const settings = settingsOf(form);
  if (form.kind === "static") return { kind: "static", ...settings, stages: stagesOf(form) };
  const id = form.id.trim();
  return { kind: "dynamic", ...settings, ...(id !== "" && { id }) };
}

/** The form in the words of `PATCH /api/workflows/{id}`. */
export function toUpdate(form: WorkflowForm): z.input<typeof UpdateWorkflow> {
  return { ...settingsOf(form), ...(form.kind === "static" && { stages: stagesOf(form) }) };
}

const FIELDS: Readonly<Record<string, string>> = {
  validation_mode: "mode",
  strict_agents: "strictAgents",
  grace_period_seconds: "grace",
  instance_timeout_seconds: "instanceTimeout",
};

/** What a field is called here that the API calls so: `stages.2.timeout` for `stages.2.timeout_seconds`. */
function fieldOf(name: string): string {
  if (name.startsWith("stages.")) return name.replace("timeout_seconds", "timeout");
  return FIELDS[name] ?? (name.startsWith("channels") ? "channels" : name);
}

const DURATION = "Enter at least one second and at most 365 days, or nothing.";

/** `field` is one of the form, `message` what its schema says of it. */
function plainWords(field: string, message: string): string {
  if (/whole number of seconds/.test(message)) return DURATION;
  if (message === "must not be empty")
    return field.startsWith("stages.") ? "Give the stage a name." : "Give it a name.";
  if (field === "channels") return "One of these channels is gone. Choose again.";
  if (field === "stages") return `A workflow ${message}.`;
  return `This ${message}.`;
}

type Errors = Record<string, string>;

/** Reasons by the API's names as reasons by the form's fields, in plain words. */
export function refusedFields(reasons: Readonly<Record<string, string>>): Errors {
  const named = Object.entries(reasons).map(([name, reason]) => [fieldOf(name), plainWords(fieldOf(name), reason)]);
  return Object.fromEntries(named);
}

/** What is wrong with a form, by field; empty when it can be saved. The rules are the API's own. */
export function formErrors(form: WorkflowForm, isNew: boolean): Errors {
  // The id of one that exists is as it is, also one that we have made.
  const { error } = CreateWorkflow.safeParse(toCreate(isNew ? form : { ...form, id: "" }));
  const reasons: Errors = {};
  for (const { path, message } of error?.issues ?? []) reasons[path.join(".")] ??= message;
  return refusedFields(reasons);
}

/** Puts what is at `from` to `to`; the others keep their order. */
export function moved<T>(items: readonly T[], from: number, to: number): T[] {
  const rest = items.filter((_, at) => at !== from);
  return [...rest.slice(0, to), ...items.slice(from, from + 1), ...rest.slice(to)];
}

type Extent = { top: number; bottom: number };

/**
 * Where a row that is dragged belongs while the pointer is at `y`: a neighbour gives way once its middle is passed. `rows` are
 * the places of all rows now, in order; `from` is the one that is dragged.
 */
export function dropPlace(rows: readonly Extent[], from: number, y: number): number {
  const middles = rows.map(({ top, bottom }) => (top + bottom) / 2);
  const above = middles.slice(0, from).filter((middle) => middle < y).length;
  const below = middles.slice(from + 1).filter((middle) => middle < y).length;
  return above < from ? above : from + below;
}
