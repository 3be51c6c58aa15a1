import { WaitingPanel } from "@/components/status/waiting-panel";
import { KEY, stageCommand } from "@/lib/workflows/detail/snippets";

type Props = {
  /** Where dynamic workflows are reported, without an id. */
  url: string;
  /** The project's ping key; null for those who may not know it. */
  pingKey: string | null;
  hasWorkflow: boolean;
};

const WORDS = {
  before:
    "A pipeline that reports its stages needs no setup: the first signal makes the workflow, and its stages are learned as they come. Run this anywhere. This page notices by itself.",
  after:
    "The workflow is made, and its first instance runs. The next stage is stagePath=2, and final=yes completes it.",
};

/** Teaches the first signal of a workflow, and turns green by itself when one has come. */
export function FirstWorkflow({ url, pingKey, hasWorkflow }: Props) {
  const command = stageCommand(`${url}/my_pipeline`, "stagePath=1&start=yes", pingKey ?? KEY);
  return <WaitingPanel command={command} hasSignal={hasWorkflow} words={WORDS} />;
}
