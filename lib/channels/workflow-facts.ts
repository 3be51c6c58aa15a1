import { z } from "zod";
import { readEvent } from "@/lib/alerts/events";
import { instanceOf } from "@/lib/alerts/subject-page";
import { inWords, SECOND, utcWords } from "@/lib/core/time";
import type { AlertFacts } from "./kind";
import { oneLine } from "./text";

/** The facts of an alert about a workflow, as far as it has them. */
const Data = z
  .object({
    agent_code: z.string().nullable(),
    started_at: z.string().nullable(),
    total_steps: z.number(),
    expected: z.string().nullable(),
    received: z.string().nullable(),
    failure_reason: z.string(),
    stage_path: z.string().nullable(),
    duration_seconds: z.number(),
    at: z.string(),
  })
  .partial();
type Data = z.infer<typeof Data>;

/** What the moment of an alert was, in its label. */
const WHEN: Record<string, string> = {
  "workflow.stage_missed": "Refused",
  "workflow.stage_out_of_order": "Refused",
  "workflow.stage_timeout": "Failed",
  "workflow.failed": "Failed",
  "workflow.completed": "Completed",
  "instance.fork_requested": "Requested",
};

const moment = (at: string | Date) => utcWords(new Date(at).getTime());
const stage = (path: string | null | undefined) => (path ? `stage ${path}` : undefined);
/** Agents and reasons are what signals say. */
const said = (text: string | null | undefined) => (text ? oneLine(text) || undefined : undefined);

function instanceFacts(instance: string, data: Data): [string, string | undefined][] {
  const { started_at: started, duration_seconds: took, total_steps: steps } = data;
  return [
    ["Instance", instance],
    ["Agent", said(data.agent_code)],
    ["Started", started ? moment(started) : undefined],
    ["Took", took === undefined ? undefined : inWords(took * SECOND)],
    ["Steps", steps === undefined ? undefined : String(steps)],
  ];
}

/** Labels and values of an alert about a workflow, in order; what is not known is undefined. */
export function workflowFacts(alert: AlertFacts): [string, string | undefined][] {
  const known = Data.safeParse(alert.data).data ?? {};
  const instance = instanceOf(alert);
  return [
    [WHEN[readEvent(alert.type).type] ?? "At", moment(known.at ?? alert.occurredAt)],
    ["Reason", said(known.failure_reason)],
    ["Stage", stage(known.stage_path)],
    ["Expected", stage(known.expected)],
    ["Received", stage(known.received)],
    ...(instance === null ? [] : instanceFacts(instance, known)),
  ];
}
