import type { CanonicalUsage } from "@/lib/costs/usage";
import type { Kind } from "@/lib/workflows/definition";
import type { Report } from "@/lib/workflows/work";

/** Whose stages an address is about: `/shk/<workflow>` of a static workflow, `/dhk/<workflow>` of a dynamic one. */
export type StageAddress = { kind: Kind; workflowId: string };

/** A stage signal as it arrived: its workflow, the key that came with it, and what it reports. */
export type StageSignal = StageAddress & {
  key: string;
  report: Report;
  /** What its call used, as far as it tells that. */
  used: CanonicalUsage | null;
  /** Whether it wants to fail, with 402, when a limit of its costs stops the instance. */
  isEnforced: boolean;
  /** The reservation that was made for it, which it ends. */
  reservationId: string | null;
  /** Of its body. */
  bytes: number;
  /** Its `Idempotency-Key` and a hash of what was asked; null when it may not be sent again. */
  once: { key: string; hash: Buffer } | null;
};

/** What signals are limited by: the instance, as whoever holds the key names it. */
export function subjectOf({ key, workflowId, report }: StageSignal): string {
  return `${key}/${workflowId}/${report.instanceId ?? ""}`;
}
