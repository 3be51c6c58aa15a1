"use client";

import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { ConfirmButton } from "@/components/settings/confirm-button";
import { terminateInstance } from "@/lib/workflows/client";

/** Ends an instance that is under way, after it has asked. */
export function TerminateButton({ projectId, id }: { projectId: string; id: string }) {
  const router = useRouter();
  const { mutate, isPending } = useMutation({
    ...terminateInstance(projectId, id),
    onSuccess: () => router.refresh(),
    onError: (error) => notifications.show({ color: "red", message: error.message }),
  });
  return (
    <ConfirmButton
      label="Terminate"
      question="Terminate this instance?"
      text="It takes no more signals: whoever reports its next stage is told to stop. Nobody is alerted."
      isPending={isPending}
      onConfirm={(close) => mutate(undefined, { onSettled: close })}
    />
  );
}
