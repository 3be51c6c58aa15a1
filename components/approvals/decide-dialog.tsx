"use client";

import { Button, Group, Kbd, Modal, Stack, Text, Textarea } from "@mantine/core";
import { useRouter } from "next/navigation";
import { type KeyboardEvent, useState } from "react";
import { FormProblem } from "@/components/layout/form-problem";
import { toastDone, toastError } from "@/components/layout/toast";
import { useChange } from "@/components/layout/use-change";
import { decideApproval } from "@/lib/approvals/client";
import type { Approval, Decision } from "@/lib/approvals/schema";
import { ApiError } from "@/lib/core/api";
import classes from "./approvals.module.css";
import { RiskWord } from "./words";

const MAX_NOTES = 2000;

const VERB: Record<Decision, string> = { approve: "Approve", deny: "Deny" };

/** What became of the vote. */
function doneWords({ status, votes, need }: Approval): string {
  if (status !== "pending") return status === "approved" ? "Approved." : "Denied.";
  const given = votes.filter(({ decision }) => decision === "approve").length;
  return `You have approved: ${given} of ${need}.`;
}

type Props = {
  projectId: string;
  approval: Approval;
  title: string;
  /** Null while nothing is asked. */
  decision: Decision | null;
  onClose: () => void;
  onDone?: (() => void) | undefined;
};

/** Asks once more before somebody answers, with room for notes. Enter answers, Esc leaves. */
export function DecideDialog({ decision, onClose, title, ...props }: Props) {
  // What is said stays while the dialog fades.
  const [shown, setShown] = useState<Decision>("approve");
  if (decision !== null && decision !== shown) setShown(decision);
  return (
    <Modal
      opened={decision !== null}
      onClose={onClose}
      title={`${VERB[shown]}: ${title}`}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <Ask {...props} decision={shown} onClose={onClose} />
    </Modal>
  );
}

type AskProps = Omit<Props, "title"> & { decision: Decision };

function Ask({ projectId, approval, decision, onClose, onDone }: AskProps) {
  const [notes, setNotes] = useState("");
  const router = useRouter();
  const change = useChange({
    ...decideApproval(projectId, approval.approval_id),
    onSuccess: (decided) => {
      toastDone(doneWords(decided));
      onClose();
      onDone?.();
    },
    onField: (error) => {
      // Somebody, or time, was faster: the page says what became of it.
      if (!(error instanceof ApiError && error.code.startsWith("already_"))) return false;
      toastError(error);
      onClose();
      router.refresh();
      return true;
    },
  });
  const answer = (): void => {
    if (!change.isPending) change.mutate({ decision, notes: notes.trim() === "" ? null : notes.trim() });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    // A key that is still held was meant for what was there before.
    if (event.key !== "Enter" || event.shiftKey || event.repeat || event.nativeEvent.isComposing) return;
    event.preventDefault();
    answer();
  };
  return (
    <Stack gap="md">
      <Group gap="md">
        <RiskWord risk={approval.risk} />
        <Text size="sm" className={classes["wraps"] ?? ""}>
          Asked by {approval.requested_by}
        </Text>
      </Group>
      <Textarea
        data-autofocus
        label="Notes"
        description="Optional. Whoever asked can read them."
        autosize
        minRows={2}
        maxRows={8}
        maxLength={MAX_NOTES}
        value={notes}
        onChange={({ currentTarget }) => setNotes(currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <FormProblem error={change.problem} />
      <Group justify="space-between">
        <Text size="xs" c="dimmed" visibleFrom="sm">
          <Kbd size="xs">Enter</Kbd> answers, <Kbd size="xs">Shift</Kbd> <Kbd size="xs">Enter</Kbd> begins a line
        </Text>
        <Group gap="sm" ml="auto">
          <Button variant="default" onClick={onClose}>
            Back
          </Button>
          <Button color={decision === "deny" ? "red" : "pine"} loading={change.isPending} onClick={answer}>
            {VERB[decision]}
          </Button>
        </Group>
      </Group>
    </Stack>
  );
}
