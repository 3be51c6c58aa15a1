import type { TrackRow } from "@/lib/workflows/instance/track";
import { countUpTo } from "./squeeze";

type Came = {
  /** The numbers of its steps, and of those among them that failed, rising. */
  steps: number[];
  failed: ReadonlySet<number>;
};

/** What became of each stage, and when, so that it can be told for any step at once. */
export type StageHistory = {
  /** By path, in the order of their first arrival. */
  stages: ReadonlyMap<string, Came>;
  /** The numbers of the steps that were the first of their stage, and of those that failed; rising. */
  firsts: readonly number[];
  failures: readonly number[];
};

/** Reads the history of the stages out of the steps of an instance. */
export function stageHistory(rows: readonly TrackRow[]): StageHistory {
  const stages = new Map<string, { steps: number[]; failed: Set<number> }>();
  const [firsts, failures]: [number[], number[]] = [[], []];
  for (const { path, step, isFailed } of rows) {
    const known = stages.get(path);
    const stage = known ?? { steps: [], failed: new Set<number>() };
    if (known === undefined) {
      stages.set(path, stage);
      firsts.push(step);
    }
    stage.steps.push(step);
    if (!isFailed) continue;
    stage.failed.add(step);
    failures.push(step);
  }
  return { stages, firsts, failures };
}

/** How a stage stood at a step: its newest step until then, how often it had come, and what came of it. */
export type StageStanding = { status: "healthy" | "failed" | "pending"; count: number; step: number | null };

const NOT_YET: StageStanding = { status: "pending", count: 0, step: null };

export function standingAt({ stages }: StageHistory, path: string, step: number): StageStanding {
  const came = stages.get(path);
  const count = came === undefined ? 0 : countUpTo(came.steps, step);
  const newest = came?.steps[count - 1];
  if (came === undefined || newest === undefined) return NOT_YET;
  return { status: came.failed.has(newest) ? "failed" : "healthy", count, step: newest };
}

/** The step that a stage leads to: its newest until then, else the first it will have; null when it never comes. */
export function stepOfStage(history: StageHistory, path: string, step: number): number | null {
  return standingAt(history, path, step).step ?? history.stages.get(path)?.steps[0] ?? null;
}
