import { dollars } from "@/lib/core/money";
import type { Trip } from "@/lib/costs/breaker";
import type { BudgetAction } from "@/lib/costs/schema";
import { tripWords } from "@/lib/costs/words";
import { alertOf, type WorkflowAlert } from "./alert";
import type { LoadedInstance, LoadedWorkflow } from "./loaded";

/** The event by which people hear of each type of a cost alert (public contract §8 and §9). */
export const EVENT_OF: Readonly<Record<Trip["type"], string>> = {
  budget_threshold: "cost.threshold",
  budget_exceeded: "cost.exceeded",
  daily_limit_exceeded: "cost.daily_limit",
  cost_anomaly: "cost.anomaly",
};

/** What was done about it. */
export type ActionTaken = BudgetAction;

const CRITICAL: readonly Trip["type"][] = ["budget_exceeded", "daily_limit_exceeded"];

/** What people are told when the costs of an instance trip something. The key lets each occasion be told once. */
export function costAlert(
  about: { workflow: LoadedWorkflow; instance: LoadedInstance; at: number },
  trip: Trip,
  action: ActionTaken,
): WorkflowAlert {
  const { workflow, instance } = about;
  const type = EVENT_OF[trip.type];
  const isOfDay = trip.type === "daily_limit_exceeded";
  const subject = isOfDay ? `${workflow.id}:${workflow.madeAt}` : instance.id;
  return alertOf(about, {
    type,
    severity: CRITICAL.includes(trip.type) ? "critical" : "warning",
    message: tripWords(trip),
    more: {
      alert_type: trip.type,
      current_cost_usd: dollars(trip.currentMicros),
      threshold_usd: trip.thresholdMicros === null ? null : dollars(trip.thresholdMicros),
      action_taken: action,
    },
    // Another limit on the same day is told of anew.
    key: `${type}:${workflow.projectId}:${subject}:${trip.occasion}${isOfDay ? `:${trip.thresholdMicros}` : ""}`,
  });
}
