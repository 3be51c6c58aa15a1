import type { Definition } from "@/lib/workflows/definition";
import type { CreateWorkflow } from "@/lib/workflows/schema";
import type { Timeline } from "./timeline";

/** A stage that is reported to a workflow of the demonstration. `at` is epoch milliseconds. */
export type StageMoment = {
  at: number;
  /** The path, or the number of a declared stage, and what else the address says, such as `agent`. */
  stage: string;
  says: Record<string, string>;
  body: object;
};

/** One workflow of the demonstration: how it is set up, and all that is ever reported to it. */
export type Play = {
  input: CreateWorkflow;
  /** From the first stage on, seen from the moment at which the demonstration was made. Never ends by itself. */
  timeline: (made: number) => Timeline<StageMoment>;
};

/** The address of a stage and what is posted there, as the API of PingPulse takes it; the key is still to be added. */
export function stageRequest(
  { kind, id }: { kind: Definition["kind"]; id: string },
  { stage, says, body }: StageMoment,
): { path: string; body: string } {
  const query = new URLSearchParams({ [kind === "static" ? "stage" : "stagePath"]: stage, ...says });
  return { path: `/${kind === "static" ? "shk" : "dhk"}/${id}?${query}`, body: JSON.stringify(body) };
}
