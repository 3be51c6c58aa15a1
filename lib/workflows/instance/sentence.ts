import { durationWords } from "@/lib/checks/detail/durations";
import { clockWords, inWords } from "@/lib/core/time";
import type { Definition } from "@/lib/workflows/definition";
import type { InstanceStatus } from "@/lib/workflows/schema";
import { awaitedStage, begin } from "@/lib/workflows/state";

/** What the sentence about an instance is made of; times are epoch milliseconds. */
export type Standing = {
  status: InstanceStatus;
  startedAt: number;
  endedAt: number | null;
  failureReason: string | null;
  dueAt: number | null;
  creditMs: number;
  definition: Definition;
  /** The paths that came, and the newest step. */
  paths: readonly string[];
  progressAt: number;
  newest: { path: string; name: string | null } | null;
};

/** The name of a stage: what its signal said, else what was declared. */
const stageName = ({ stages }: Definition, path: string, said: string | null = null): string | null =>
  said ?? stages[Number(path) - 1]?.name ?? null;

const named = (text: string, name: string | null): string => (name === null ? text : `${text} (${name})`);

/** Where it is: `stage 3 of 5 (Train)`, in any order `3 of 5 stages, last stage 4 (Train)`. */
function place({ definition, paths, newest }: Standing): string {
  if (newest === null) return "no stage has come";
  const { kind, mode, stages } = definition;
  const name = stageName(definition, newest.path, newest.name);
  if (kind === "dynamic") return named(`stage ${newest.path}`, name);
  if (mode === "strict") return named(`stage ${newest.path} of ${stages.length}`, name);
  return named(`${paths.length} of ${stages.length} stages, last stage ${newest.path}`, name);
}

/** Which stage would be to blame when the deadline passes; null when none in particular. */
function awaited({ startedAt, creditMs, progressAt, paths, definition }: Standing): string | null {
  const reached = definition.kind === "static" ? paths.map(Number).sort((a, b) => a - b) : [];
  return awaitedStage({ ...begin(startedAt), creditMs, progressAt, reached }, definition);
}

/** What the deadline asks for, and what happens then. */
function dueWords(standing: Standing, now: number): string {
  const { dueAt, definition } = standing;
  if (dueAt === null) return ".";
  const by = `by ${clockWords(dueAt, now)}`;
  const isOver = now >= dueAt;
  const end = isOver ? ": it is about to fail." : ", else it fails.";
  const stage = awaited(standing);
  if (stage === null) return `, ${isOver ? "should have been complete" : "must be complete"} ${by}${end}`;
  const what = definition.mode === "strict" ? "next" : named(`stage ${stage}`, stageName(definition, stage));
  return `, ${what} ${isOver ? "was expected" : "expected"} ${by}${end}`;
}

const because = (reason: string | null): string => (reason === null ? "." : `: ${reason}.`);

/** How an instance fares, in one plain sentence. */
export function instanceSentence(standing: Standing, now: number): string {
  const { status, startedAt, endedAt, failureReason } = standing;
  switch (status) {
    case "running":
      return `Running for ${inWords(now - startedAt)}: ${place(standing)}${dueWords(standing, now)}`;
    case "paused":
      return `Paused: ${place(standing)}. Its stages are refused until it is resumed.`;
    case "completed":
      return `Completed in ${durationWords((endedAt ?? now) - startedAt)}.`;
    case "failed":
      return `Failed at ${clockWords(endedAt ?? now, now)}${because(failureReason)}`;
    case "terminated":
      return `Terminated at ${clockWords(endedAt ?? now, now)}${because(failureReason)}`;
  }
}
