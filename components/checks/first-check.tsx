"use client";

import { Button, Group, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { EmptyState } from "@/components/layout/empty-state";
import { toastError } from "@/components/layout/toast";
import { createCheck } from "@/lib/checks/client";

/** The first thing a person does here: one field, and then the check waits for its first signal. */
export function FirstCheck({ projectId, canWrite }: { projectId: string; canWrite: boolean }) {
  const router = useRouter();
  const form = useForm({ initialValues: { name: "" } });
  const create = useMutation({
    ...createCheck(projectId),
    onSuccess: ({ uuid }) => router.push(`/projects/${projectId}/checks/${uuid}` as "/"),
    onError: toastError,
  });
  if (!canWrite)
    return <EmptyState title="Nothing is watched yet" text="Somebody who may change this project can add a check." />;
  return (
    <EmptyState
      title="What should be watched first?"
      text="Name a job that must run by itself: a backup, a report, a sync. You get an address for it to call, and hear when the calls stop."
    >
      <form
        onSubmit={form.onSubmit(({ name }) => create.mutate({ name, channels: "*", timeout: 86_400, grace: 3600 }))}
      >
        <Group align="end">
          <TextInput
            label="Name of the job"
            placeholder="Nightly backup"
            required
            maxLength={100}
            {...form.getInputProps("name")}
          />
          <Button type="submit" loading={create.isPending}>
            Watch it
          </Button>
        </Group>
      </form>
    </EmptyState>
  );
}
