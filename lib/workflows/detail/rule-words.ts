import { inWords, SECOND } from "@/lib/core/time";
import type { Workflow } from "@/lib/workflows/schema";

type Rules = Pick<
  Workflow,
  "kind" | "validation_mode" | "strict_agents" | "grace_period_seconds" | "instance_timeout_seconds" | "stages"
>;

const MODES = {
  strict: "Strict: stages come in order. One that skips another, or that came before, is refused and told.",
  flexible: "Flexible: stages may come in any order.",
};

/** When an instance is complete, as a sentence. */
function endWords({ kind, validation_mode: mode, stages }: Rules): string {
  if (kind === "dynamic") return "An instance is complete with the stage that says final=yes.";
  if (mode === "strict") return `An instance is complete with stage ${stages.length}.`;
  return "An instance is complete when all stages have come.";
}

/** What a workflow asks of its instances beside its stages, one sentence each. */
export function ruleWords(rules: Rules): string[] {
  const { grace_period_seconds: grace, instance_timeout_seconds: longest, strict_agents: isStrict } = rules;
  return [
    MODES[rules.validation_mode],
    endWords(rules),
    ...(grace === null ? [] : [`Grace period: it must be complete within ${inWords(grace * SECOND)} of its start.`]),
    ...(longest === null ? [] : [`An instance that takes longer than ${inWords(longest * SECOND)} fails.`]),
    ...(isStrict ? ["Every signal must name its agent."] : []),
  ];
}
