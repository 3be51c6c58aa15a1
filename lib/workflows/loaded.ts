import type { Approver } from "@/lib/approvals/store/people";
import type { Baseline } from "@/lib/costs/anomaly";
import type { BreakerState } from "@/lib/costs/breaker-state";
import type { Budget } from "@/lib/costs/budget";
import type { Definition, Kind } from "./definition";
import type { InstanceState } from "./state";

/** An instance as its transaction sees it, its workflow locked. Times are epoch milliseconds. */
export type LoadedInstance = InstanceState & {
  id: string;
  /** 1, 2, 3 … within its workflow: the higher, the newer. */
  seq: number;
  /** The version of the definition it began with. */
  version: number;
  /** The agent of its first signal. */
  agentCode: string | null;
  /** The agent that was named last, and when. */
  lastAgent: string | null;
  lastAgentAt: number | null;
  lastSignalAt: number;
  costMicros: number;
  /** Its first steps, which were copied from another, and what they had cost. */
  nCopied: number;
  copiedCostMicros: number;
  /** Which limits of its budget have told of it; null while none has. */
  breakers: BreakerState | null;
  /** Merge patches (RFC 7396) for payloads, by path, of the stages that are reported; null for what is no fork. */
  overrides: Record<string, unknown> | null;
  /** The OpenTelemetry trace that it shows; only known while spans are taken. */
  traceId?: string;
};

/** A day of a project's calendar, with the micro-dollars that steps of a workflow have cost since it began. */
export type Today = { day: string; beganAt: number; costMicros: number };

/** A workflow, locked, with those of its instances that signals may be for. */
export type LoadedWorkflow = {
  projectId: string;
  id: string;
  kind: Kind;
  name: string;
  /** Microseconds since 1970: another workflow that later gets the same id is another one. */
  madeAt: number;
  /** The version that new instances follow. */
  version: number;
  nInstances: number;
  budget: Budget;
  /** What its steps have cost today; null where no daily limit asks for it. */
  today: Today | null;
  /** What earlier instances cost; empty where nothing is measured by it. */
  baseline: Baseline;
  /** Who may approve a higher limit; empty where its limits do not ask. */
  approvers: readonly Approver[];
  instances: LoadedInstance[];
  definitions: Map<number, Definition>;
};

/** The definition of one version. Throws when it was not loaded. */
export function definitionOf({ definitions, id }: LoadedWorkflow, version: number): Definition {
  const found = definitions.get(version);
  if (found === undefined) throw new Error(`version ${version} of workflow ${id} was not loaded`);
  return found;
}
