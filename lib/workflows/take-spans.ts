import { HOUR } from "@/lib/core/time";
import { brake } from "./brake";
import { definitionOf, type LoadedInstance } from "./loaded";
import { type SpansEvent, transition } from "./state";
import { end, handoff, type NewStep, newInstance, replace, type StepReport, type Work } from "./work";

/** A step that a span tells of; `at` is when it ended, in epoch milliseconds. */
export type SpanStep = {
  report: StepReport;
  at: number;
  isFailed: boolean;
  span: { id: string; parentId: string | null };
};

/** What came of one trace, its steps in the order of their ends. */
export type TraceNews = { traceId: string; steps: SpanStep[]; topPath: number; root: SpansEvent["root"] };

type Said = Pick<LoadedInstance, "lastAgent" | "lastAgentAt">;

/** Notes the steps of an instance, and who hands over to whom; gives who spoke last. */
function record(work: Work, { id, nSteps, lastAgent, lastAgentAt }: LoadedInstance, steps: SpanStep[]): Said {
  const { projectId } = work.workflow;
  const said = { id, nSteps, lastAgent, lastAgentAt };
  for (const { report, at, isFailed, span } of steps) {
    const step: NewStep = { projectId, instanceId: id, ordinal: said.nSteps, at, isFailed, report, span };
    work.steps.push(step);
    const handed = handoff(said, report, at);
    if (handed !== null) work.handoffs.push(handed);
    said.nSteps += 1;
    if (report.agent === null) continue;
    said.lastAgent = report.agent;
    said.lastAgentAt = at;
  }
  return { lastAgent: said.lastAgent, lastAgentAt: said.lastAgentAt };
}

/** How long ago a trace may have begun when its first spans come: no clock but the database's is believed for longer. */
const MAX_AGE = HOUR;

/** When a trace began, by what its first spans say, which are told when they are over. */
function startOf(steps: SpanStep[], now: number): number {
  const first = steps.reduce((min, { at, report }) => Math.min(min, at - (report.detail?.responseTimeMs ?? 0)), now);
  return Math.max(Math.round(first), now - MAX_AGE);
}

/** A trace begins its instance with its first step; spans about other things alone are no news to anybody. */
function instanceOf(work: Work, { traceId, steps }: TraceNews, now: number): LoadedInstance | null {
  const known = work.workflow.instances.find((one) => one.traceId === traceId);
  if (known !== undefined || steps.length === 0) return known ?? null;
  const agent = steps.find(({ report }) => report.agent !== null)?.report.agent ?? null;
  return { ...newInstance(work.workflow, agent, now), startedAt: startOf(steps, now), traceId };
}

/**
 * Takes what a trace tells: begins its instance, or moves it. Pure but for `work` and for the random id of a new instance.
 * `now` is in epoch milliseconds; the times of steps are as they were told. Gives the instance, null when there is none.
 */
export function takeTrace(work: Work, news: TraceNews, now: number): LoadedInstance | null {
  const before = instanceOf(work, news, now);
  if (before === null || (news.steps.length === 0 && news.root === null)) return before;
  const { steps, topPath: top, root } = news;
  const definition = definitionOf(work.workflow, before.version);
  const moved = transition(before, { type: "spans", steps: steps.length, top, root }, { definition, now });
  const cost = steps.reduce((sum, { report }) => sum + (report.detail?.costMicros ?? 0), 0);
  const after = {
    ...before,
    ...moved.next,
    ...record(work, before, steps),
    agentCode: before.agentCode ?? steps.find(({ report }) => report.agent !== null)?.report.agent ?? null,
    lastSignalAt: now,
    costMicros: before.costMicros + cost,
  };
  const details = steps.map(({ at, report }) => ({ at, detail: report.detail }));
  const { instance } = brake(work, after, { details, now });
  replace(work, before, instance);
  if (before.status === "paused" && instance.status !== "paused") work.unpaused.add(instance.id);
  if (moved.ending !== null) end(work, instance, { ending: moved.ending, at: now });
  return instance;
}
