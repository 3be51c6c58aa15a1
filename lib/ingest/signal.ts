import type { ParsedSignal } from "./grammar";

/** A signal as it arrived: what its address says, and what came with it. */
export type Signal = ParsedSignal & {
  /** The dialect it was spoken in. */
  source: "healthchecks";
  method: string;
  scheme: "http" | "https";
  /** An IP address, or null when none can be trusted. */
  remoteAddr: string | null;
  userAgent: string;
  /** The kept part of the body; null when there was none. */
  body: Buffer | null;
};

export type Outcome = "recorded" | "created" | "not_found" | "ambiguous" | "refused";
