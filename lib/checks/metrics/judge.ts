import type { PingKind } from "@/lib/checks/state";
import type { Details } from "@/lib/ingest/signal";
import { type Metric, type MetricSetting, outOfBounds } from "./metric";
import { pickMetrics, type Told } from "./pick";

/** What becomes of a signal once its numbers are known. */
type Judged = { kind: PingKind; metrics: readonly Metric[]; details: Details | null };

const NONE: readonly Metric[] = [];

/**
 * A success whose numbers lie outside of what its check asks is a failure, and says why. Other signals only bring their
 * numbers; those of ignored ones are not looked at.
 */
export function judge(kind: PingKind, told: Told, settings: readonly MetricSetting[] | null): Judged {
  const { details } = told;
  const metrics = kind === "ign" ? NONE : pickMetrics(told, settings);
  const outside = kind === "success" ? outOfBounds(metrics, settings) : NONE;
  if (outside.length === 0) return { kind, metrics, details };
  return { kind: "fail", metrics, details: { ...details, out_of_bounds: [...outside] } };
}
