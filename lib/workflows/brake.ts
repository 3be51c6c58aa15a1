import { decide, type StopAction, type Trip } from "@/lib/costs/breaker";
import { askedLimits, type LimitQuestion } from "@/lib/costs/limit-question";
import { ownCost } from "@/lib/costs/own-cost";
import { refusalsOver, type WorkflowAlert } from "./alert";
import { callsOf } from "./calls";
import { type ActionTaken, costAlert } from "./cost-alert";
import { definitionOf, type LoadedInstance, type LoadedWorkflow } from "./loaded";
import { transition } from "./state";
import type { StepDetail } from "./step";

/** What a step, or several, added: costs by the moment of their step, in micro-dollars and epoch milliseconds. */
export type Spent = { details: readonly { at: number; detail: StepDetail | null }[] };

const isWatched = ({ budget }: LoadedWorkflow): boolean => budget.enabled || budget.anomalyDetection;

/** Adds what was spent to what the workflow has cost today; what was told late belongs to another day. */
function addToDay({ today }: LoadedWorkflow, { details }: Spent): void {
  if (today === null) return;
  for (const { at, detail } of details) if (at >= today.beganAt) today.costMicros += detail?.costMicros ?? 0;
}

function factsOf(workflow: LoadedWorkflow, instance: LoadedInstance, { details, now }: Spent & { now: number }) {
  // Only anomalies ask for them.
  const calls = workflow.budget.anomalyDetection
    ? details.flatMap(({ detail }) => (detail === null ? [] : callsOf(detail)))
    : [];
  return {
    costMicros: ownCost(instance),
    nSteps: instance.nSteps - instance.nCopied,
    elapsedMs: Math.max(0, now - instance.startedAt),
    dayMicros: workflow.today?.costMicros ?? null,
    day: workflow.today?.day ?? "",
    calls,
  };
}

/** What can still be done: one that has ended cannot be stopped. */
function actionFor({ status }: LoadedInstance, action: StopAction | null): ActionTaken {
  return status === "running" && action !== null ? action : "alert";
}

const isOfLimit = ({ type }: Trip): boolean => type === "budget_exceeded" || type === "daily_limit_exceeded";

type Braking = {
  workflow: LoadedWorkflow;
  alerts: WorkflowAlert[];
  settled: { key: string; at: number }[];
  asked: LimitQuestion[];
};

/** The instance after what its budget makes of what was spent, and whether that stopped it. Notes what is to be told. */
export function brake(
  { workflow, alerts, settled, asked }: Braking,
  instance: LoadedInstance,
  spent: Spent & { now: number },
) {
  if (!isWatched(workflow)) return { instance, isStopped: false };
  addToDay(workflow, spent);
  const { budget, baseline } = workflow;
  const facts = factsOf(workflow, instance, spent);
  const { state, trips, action } = decide({ budget, state: instance.breakers, facts, baseline });
  const taken = actionFor(instance, action);
  for (const trip of trips)
    alerts.push(costAlert({ workflow, instance, at: spent.now }, trip, isOfLimit(trip) ? taken : "alert"));
  const told = { ...instance, breakers: state };
  // One that has ended by itself is crossed all the same, for whoever wants to fail then.
  if (taken === "alert") return { instance: told, isStopped: action !== null };
  const definition = definitionOf(workflow, instance.version);
  const reason = trips.some(({ type }) => type === "daily_limit_exceeded") ? "Daily limit exceeded" : "Budget exceeded";
  const event = taken === "terminate" ? ({ type: "terminate", reason } as const) : ({ type: "pause" } as const);
  const { next } = transition(told, event, { definition, now: spent.now });
  if (taken === "terminate") settled.push(...refusalsOver(workflow, { id: instance.id, at: spent.now }));
  if (taken === "ask") asked.push({ workflow, instance, limits: askedLimits(trips, state), at: spent.now });
  return { instance: { ...told, ...next }, isStopped: true };
}
