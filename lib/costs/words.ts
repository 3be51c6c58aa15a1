import { dollars, usdWords } from "@/lib/core/money";
import type { Anomaly } from "./anomaly";
import type { Trip } from "./breaker";
import { DRIFT_TIMES, type Drift } from "./forecast";

const CENT = 10_000;

/** An exact sum. */
const sum = (micros: number): string => usdWords(dollars(Math.round(micros)));

/** In cents where cents tell enough: averages and rates have no end of digits. */
const about = (micros: number): string => sum(micros < 10 * CENT ? micros : Math.round(micros / CENT) * CENT);

const SUBJECTS = { multiple: "cost", spike: "cost", minute_rate: "cost per minute", step_rate: "cost per step" };

function anomalyWords(anomaly: Anomaly): string {
  if (anomaly.reason === "repeated_calls") return `Instance made the same tool call ${anomaly.count} times in a row`;
  const { reason, times } = anomaly;
  const [found, usual] = [about(anomaly.foundMicros), about(anomaly.usualMicros)];
  const subject = `Instance ${SUBJECTS[reason]} ${found}`;
  if (reason === "multiple") return `${subject} exceeds ${times} times the average ${usual} of earlier instances`;
  if (reason === "spike") return `${subject} is far above the median ${usual} of earlier instances`;
  return `${subject} exceeds ${times} times the usual maximum ${usual}`;
}

/** What happened, in one sentence without a full stop, as the cost API and alerts say it. */
export function tripWords(trip: Trip): string {
  const current = sum(trip.currentMicros);
  const threshold = sum(trip.thresholdMicros ?? 0);
  switch (trip.type) {
    case "budget_threshold":
      return `Instance cost ${current} reached alert threshold ${threshold}`;
    case "budget_exceeded":
      return `Instance cost ${current} exceeds budget limit ${threshold}`;
    case "daily_limit_exceeded":
      return `Workflow cost ${current} on ${trip.day} exceeds daily limit ${threshold}`;
    case "cost_anomaly":
      return anomalyWords(trip.anomaly);
  }
}

/** The same of a workflow that has become dearer without any instance that stands out. */
export const driftWords = ({ recentMicros, earlierMicros }: Drift): string =>
  `Workflow cost ${about(recentMicros)} a day in the last week, more than ${DRIFT_TIMES} times the ${about(earlierMicros)} of the four weeks before`;
