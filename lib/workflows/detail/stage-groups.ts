import { comparePaths, firstNumber } from "@/lib/workflows/path";
import type { StageStatuses } from "@/lib/workflows/schema";

export type ShownStage = { path: string; name: string | null; timeoutSeconds: number | null };
export type StageGroup = { first: number; branches: ShownStage[] };

/** Stages that begin with the same number stand together: `2.1` and `2.2` are branches of one place. In the order of counting. */
export function groupStages(stages: readonly ShownStage[]): StageGroup[] {
  const groups: StageGroup[] = [];
  for (const stage of stages.toSorted((a, b) => comparePaths(a.path, b.path))) {
    const first = firstNumber(stage.path);
    const last = groups.at(-1);
    if (last?.first === first) last.branches.push(stage);
    else groups.push({ first, branches: [stage] });
  }
  return groups;
}

/** The stages of an instance as those of its workflow. */
export const learnedStages = (stages: StageStatuses): ShownStage[] =>
  Object.entries(stages).map(([path, { stage_name }]) => ({ path, name: stage_name ?? null, timeoutSeconds: null }));
