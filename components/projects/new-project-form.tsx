"use client";

import { Button, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { FormProblem } from "@/components/layout/form-problem";
import { ApiError } from "@/lib/core/api";
import { createProject } from "@/lib/projects/client";

export function NewProjectForm() {
  const router = useRouter();
  const form = useForm({ initialValues: { name: "" } });
  const create = useMutation({
    ...createProject,
    onSuccess: ({ id }) => router.push(`/projects/${id}` as "/"),
    onError: (error) => {
      if (error instanceof ApiError && error.fields["name"]) form.setFieldError("name", error.fields["name"]);
    },
  });
  return (
    <form noValidate onSubmit={form.onSubmit(({ name }) => create.mutate({ name, time_zone: browserZone() }))}>
      <Stack gap="sm">
        <TextInput label="Name" required {...form.getInputProps("name")} />
        <Button type="submit" loading={create.isPending}>
          Make project
        </Button>
        <FormProblem error={create.error} />
      </Stack>
    </form>
  );
}

const browserZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;
