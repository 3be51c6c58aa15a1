import type { Metric } from "@/lib/checks/metrics/metric";
import type { PingKind, Transition } from "@/lib/checks/state";
import type { Details } from "@/lib/ingest/signal";
import type { LockedCheck } from "./rows";

/** One signal as it is recorded. `n` is given when it is saved. */
export type NewPing = {
  kind: PingKind;
  source: string;
  createdAt: number;
  scheme: string;
  remoteAddr: string | null;
  method: string;
  userAgent: string;
  rid: string | null;
  exitStatus: number | null;
  durationMs: number | null;
  details: Details | null;
  body: Buffer | null;
  /** The numbers it came with. */
  metrics?: readonly Metric[];
};

/** One transition, with the signal that caused it, if any. */
export type Step = { transition: Transition; ping: NewPing | null };

/** What happened to one check in this transaction: its steps in order. */
export type CheckChange = {
  before: LockedCheck;
  steps: Step[];
  /** The sweeper has looked at it, and looks again at this moment. Otherwise it only comes nearer. */
  watchAt?: number | null;
};
