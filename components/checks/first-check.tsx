"use client";

import { Button, Group, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { EmptyState } from "@/components/layout/empty-state";
import { FormProblem } from "@/components/layout/form-problem";
import { createCheck } from "@/lib/checks/client";

const MAX_NAME = 100;

/** The server's rules, without the schemas, which the list of checks has no other use for. */
function nameError(name: string): string | null {
  if (name.trim() === "") return "Give it a name.";
  return [...name.trim()].length > MAX_NAME ? "This is too long." : null;
}

/** The first thing a person does here: one field, and then the check waits for its first signal. */
export function FirstCheck({ projectId, canWrite }: { projectId: string; canWrite: boolean }) {
  const router = useRouter();
  const form = useForm({ initialValues: { name: "" }, validate: { name: nameError } });
  const create = useMutation({
    ...createCheck(projectId),
    onSuccess: ({ uuid }) => router.push(`/projects/${projectId}/checks/${uuid}` as "/"),
  });
  if (!canWrite)
    return <EmptyState title="Nothing is watched yet" text="Somebody who may change this project can add a check." />;
  return (
    <EmptyState
      title="What should be watched first?"
      text="Name a job that must run by itself: a backup, a report, a sync. You get an address for it to call, and hear when the calls stop."
    >
      <form
        noValidate
        onSubmit={form.onSubmit(({ name }) =>
          create.mutate({ name: name.trim(), channels: "*", timeout: 86_400, grace: 3600 }),
        )}
      >
        <Group align="start">
          <TextInput label="Name of the job" placeholder="Nightly backup" required {...form.getInputProps("name")} />
          <Button type="submit" loading={create.isPending || create.isSuccess} mt={24}>
            Watch it
          </Button>
        </Group>
        <FormProblem error={create.error} />
      </form>
    </EmptyState>
  );
}
