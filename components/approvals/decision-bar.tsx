"use client";

import { Button, Group, Text } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { useState } from "react";
import { useChange } from "@/components/layout/use-change";
import { ConfirmButton } from "@/components/settings/confirm-button";
import { cancelApproval } from "@/lib/approvals/client";
import type { ApprovalPage, Decision } from "@/lib/approvals/schema";
import { refusalWords } from "@/lib/approvals/words";
import { DecideDialog } from "./decide-dialog";

type Props = {
  projectId: string;
  page: ApprovalPage;
  title: string;
  /** Whether the viewer may take requests back. */
  canCancel: boolean;
  /** What was asked for by its key before this was there. */
  initial?: Decision | null;
  /** Whether its keys are listened to. */
  hasKeys?: boolean;
  onDone?: (() => void) | undefined;
};

/** What the viewer can do about an approval that waits, or why they cannot. Keys: a approves, d denies. */
export function DecisionBar({ projectId, page, title, canCancel, initial = null, hasKeys = true, onDone }: Props) {
  const { approval, refusal } = page;
  const [decision, setDecision] = useState<Decision | null>(refusal === null ? initial : null);
  const ask = (wanted: Decision) => () => {
    // A key does nothing behind a dialog.
    if (hasKeys && refusal === null && document.querySelector("[aria-modal]") === null) setDecision(wanted);
  };
  useHotkeys([
    ["a", ask("approve")],
    ["d", ask("deny")],
  ]);
  const why = refusal === null ? null : refusalWords(refusal, approval);
  return (
    <>
      {why !== null && (
        <Text size="sm" style={{ overflowWrap: "anywhere" }}>
          {why}
        </Text>
      )}
      <Group gap="sm">
        {refusal === null && (
          <>
            <Button onClick={() => setDecision("approve")}>Approve</Button>
            <Button color="red" variant="light" onClick={() => setDecision("deny")}>
              Deny
            </Button>
          </>
        )}
        {canCancel && <CancelRequest projectId={projectId} id={approval.approval_id} onDone={onDone} />}
      </Group>
      <DecideDialog
        projectId={projectId}
        approval={approval}
        title={title}
        decision={decision}
        onClose={() => setDecision(null)}
        onDone={onDone}
      />
    </>
  );
}

type CancelProps = { projectId: string; id: string; onDone?: (() => void) | undefined };

function CancelRequest({ projectId, id, onDone }: CancelProps) {
  const change = useChange({ ...cancelApproval(projectId, id), done: "Cancelled.", onSuccess: () => onDone?.() });
  return (
    <ConfirmButton
      label="Cancel the request"
      variant="subtle"
      color="gray"
      question="Cancel this request?"
      text="Whoever asked is told not to go on. Nobody can approve it any more."
      isPending={change.isPending}
      onConfirm={(close) => change.mutate(undefined, { onSettled: close })}
    />
  );
}
