import type { IgnoredBecause } from "@/lib/checks/classify";
import type { OutOfBounds } from "@/lib/checks/metrics/metric";
import type { CheckState, PingKind, Transition } from "@/lib/checks/state";
import type { CheckFields } from "@/lib/checks/store/fields";
import type { JsonObject } from "@/lib/core/json-object";

export type SignalKind = Exclude<PingKind, "ign">;

/** What a signal may say of how its check is to be. */
export type Settings = Partial<
  Pick<CheckFields, "timeoutSeconds" | "schedule" | "timeZone" | "graceSeconds" | "maxMisses" | "maxRunSeconds">
>;

/** Settings that come with a signal: those it names, and those of a check that it makes. Or what is wrong with them. */
export type Config = { given: Settings; whenNew: Settings } | { wrong: string };

/**
 * Which check is meant. A token is a check's heartbeat token. A key is a project's ping key or an API key with the scope
 * `ping`; `name` is then a slug, a uuid or a process hook id.
 */
export type Target =
  | { by: "uuid"; uuid: string }
  | { by: "slug"; pingKey: string; slug: string; create: boolean }
  | { by: "token"; token: string }
  | { by: "key"; key: string; name: string; create: boolean; config?: Config };

/** What a target is counted and remembered by: the same for all signals that name their check in the same way. */
export function subjectOf(target: Target): string {
  switch (target.by) {
    case "uuid":
      return target.uuid;
    case "slug":
      return `${target.pingKey}/${target.slug}`;
    case "token":
      return target.token;
    case "key":
      return `${target.key}/${target.name}`;
  }
}

/**
 * Which run a start or an end is about: the one it names, one that is to get a name from us, or the newest under way; an end
 * that finds none under way is refused with `newest`, and with `latest` taken under a name from us.
 */
export type RunRule = "named" | "own" | "newest" | "latest";

/** What a signal says besides its kind, as it is shown beside it. Empty fields are left out. */
export type Details = {
  message?: string;
  status_text?: string;
  metadata?: JsonObject;
  reported_duration_ms?: number;
  /** A duration that could not be read, as it was sent. */
  reported_duration?: string;
  /** Of a signal that was left out: why. */
  ignored_because?: IgnoredBecause;
  /** The numbers because of which a success is recorded as a failure. */
  out_of_bounds?: OutOfBounds[];
};

/** What a request says. `refusal` is answered once the address has proved to exist. */
export type ParsedSignal = {
  /** The dialect it was spoken in. */
  source: string;
  target: Target;
  kind: SignalKind;
  exitStatus: number | null;
  rid: string | null;
  run: RunRule;
  details: Details | null;
  refusal: string | null;
};

/** A signal as it arrived: what its address says, and what came with it. */
export type Signal = ParsedSignal & {
  method: string;
  scheme: "http" | "https";
  /** An IP address, or null when none can be trusted. */
  remoteAddr: string | null;
  userAgent: string;
  /** The kept part of the body; null when there was none, or when all of it is in `details`. */
  body: Buffer | null;
  /** What keywords are looked for in where the dialect has read the body: the part that would be kept. */
  text?: Buffer;
  /** Too many of its kind come: it counts, but leaves no row in the history. */
  thinned: boolean;
  /** How far the job says it has come, in the query of its address. */
  progress: string | null;
  /** Fetched in advance by a browser or a mail program. */
  isPrefetch: boolean;
};

/** What a signal did to its check; answers tell of it. `rid` is the name it was recorded with, `now` epoch milliseconds. */
export type Effect = {
  checkId: string;
  hookId: string;
  rid: string | null;
  after: CheckState;
  transition: Transition;
  now: number;
};

export type Outcome =
  | { is: "recorded" | "created"; effect: Effect }
  | { is: "not_found" | "ambiguous" | "refused" | "unauthenticated" | "forbidden" | "no_running_run" };
