import type { PingKind } from "@/lib/checks/state";

export type SignalKind = Exclude<PingKind, "ign">;

export type Target = { by: "uuid"; uuid: string } | { by: "slug"; pingKey: string; slug: string; create: boolean };

/** What a request line says. `refusal` is answered once the address has proved to exist. */
export type ParsedSignal = {
  /** The dialect it was spoken in. */
  source: string;
  target: Target;
  kind: SignalKind;
  exitStatus: number | null;
  rid: string | null;
  refusal: string | null;
};

/** A signal as it arrived: what its address says, and what came with it. */
export type Signal = ParsedSignal & {
  method: string;
  scheme: "http" | "https";
  /** An IP address, or null when none can be trusted. */
  remoteAddr: string | null;
  userAgent: string;
  /** The kept part of the body; null when there was none. */
  body: Buffer | null;
  /** Too many of its kind come: it counts, but leaves no row in the history. */
  thinned: boolean;
};

export type Outcome = "recorded" | "created" | "not_found" | "ambiguous" | "refused";
