import type { ReactNode } from "react";
import { exactWords } from "@/components/status/exact-time";
import { StateWord } from "@/components/status/state-word";
import { durationWords } from "@/lib/checks/detail/durations";
import { sizeWords } from "@/lib/checks/detail/log";
import { usdWords } from "@/lib/core/money";
import type { StepDetail } from "@/lib/workflows/instance/schema";
import { toolWords } from "@/lib/workflows/instance/tool-words";

const count = (value: number): string => value.toLocaleString("en");

function tokens({ input_tokens: input, output_tokens: output }: StepDetail): string | null {
  if (input === null && output === null) return null;
  return `${count(input ?? 0)} in, ${count(output ?? 0)} out`;
}

/** What it cost: of a model without a price that it is not known, and both sums where they are far apart. */
function cost(kept: StepDetail): string | null {
  const { cost_usd: usd, computed_cost_usd: computed, differs, model_id: model } = kept;
  if (usd === null) return model === null || tokens(kept) === null ? null : "not known: its model has no price";
  return differs && computed !== null ? `${usdWords(usd)} as told, ${usdWords(computed)} by the prices` : usdWords(usd);
}

/** What is kept of a step but for its payload and the like, as far as it is known. How long it took is in milliseconds. */
export function stepFacts(kept: StepDetail, tookMs: number | null): [string, ReactNode][] {
  const facts: [string, ReactNode][] = [
    [
      "Status",
      <StateWord
        key="status"
        tone={kept.status === "failed" ? "down" : "up"}
        word={kept.status === "failed" ? "Failed" : "Done"}
      />,
    ],
    ["Arrived (UTC)", exactWords(kept.executed_at)],
    ["Took", tookMs === null ? null : durationWords(tookMs)],
    ["Agent", kept.agent_code],
    ["Hand-off reason", kept.handoff_reason],
    ["It said", kept.status_text],
    ["Response time", kept.response_time_ms === null ? null : durationWords(kept.response_time_ms)],
    ["Model", kept.model_id],
    ["Tokens", tokens(kept)],
    ["Cost", cost(kept)],
    ["Tools", toolWords(kept.tool_calls)],
    ["Context", kept.context_size_bytes === null ? null : sizeWords(kept.context_size_bytes)],
    ["Final", kept.is_final ? "yes" : null],
  ];
  return facts.filter(([, value]) => value !== null);
}
