import { EmptyState } from "@/components/layout/empty-state";
import { CopyField } from "@/components/status/copy-field";

/** Where nothing has ever cost anything: how costs get here. */
export function NoCosts({ command }: { command: string }) {
  return (
    <EmptyState
      title="Costs come with the steps of workflows"
      text="A step that says which model it used and how many tokens is priced and counted here, by workflow, model, agent and tag. One that says cost_usd counts as that much. Run this anywhere to try; the page notices by itself."
    >
      <div style={{ width: "100%" }}>
        <CopyField label="command that tells a cost" value={command} />
      </div>
    </EmptyState>
  );
}
