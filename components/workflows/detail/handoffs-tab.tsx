import { Stack } from "@mantine/core";
import { EmptyState } from "@/components/layout/empty-state";
import { Section } from "@/components/layout/section";
import { UrlSegments } from "@/components/layout/url-segments";
import { handoffGraph } from "@/lib/workflows/detail/handoff-graph";
import type { HandoffPair } from "@/lib/workflows/schema";
import { HandoffGraph } from "./handoff-graph";
import { HandoffMatrix } from "./handoff-matrix";
import { HandoffTable } from "./handoff-table";

const PERIODS = [
  { value: "7", label: "7 days" },
  { value: "", label: "30 days" },
  { value: "90", label: "90 days" },
];

/** Who handed to whom, as a drawing, as a matrix and as a list with reasons. */
export function HandoffsTab({ pairs }: { pairs: HandoffPair[] }) {
  const { others } = handoffGraph(pairs);
  return (
    <Stack gap="xl">
      <Section
        title="Hand-offs"
        description={
          others === 0 ? "Who handed to whom" : `Who handed to whom, without ${others} agents that did least`
        }
        action={<UrlSegments name="days" label="Period" options={PERIODS} />}
      >
        {pairs.length === 0 ? (
          <EmptyState
            title="No hand-offs in this period"
            text="A hand-off is when a stage is reported by another agent than the stage before. Signals name theirs with agent=, and why with handoff_reason."
          />
        ) : (
          <HandoffGraph pairs={pairs} />
        )}
      </Section>
      {pairs.length > 0 && (
        <>
          <Section title="Matrix" description="Rows hand over to columns: how often, and after how long on average">
            <HandoffMatrix pairs={pairs} />
          </Section>
          <Section title="Reasons" description="The most frequent hand-offs first">
            <HandoffTable pairs={pairs} />
          </Section>
        </>
      )}
    </Stack>
  );
}
