"use client";

import { Button, Group, Paper, Select, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { FormProblem } from "@/components/layout/form-problem";
import { useChange } from "@/components/layout/use-change";
import { ApiError } from "@/lib/core/api";
import { updateProject } from "@/lib/projects/client";

type Props = { projectId: string; name: string; timeZone: string };

/** Every zone the browser knows, and the one that is set, which it may know by another name. */
function zonesWith(present: string): string[] {
  return [...new Set(["UTC", present, ...Intl.supportedValuesOf("timeZone")])].sort();
}

/** Name and time zone of a project. */
export function GeneralForm({ projectId, name, timeZone }: Props) {
  const form = useForm({ initialValues: { name, time_zone: timeZone } });
  const save = useChange({
    ...updateProject(projectId),
    done: "Saved.",
    onSuccess: (project) => {
      form.setInitialValues({ name: project.name, time_zone: project.time_zone });
      form.reset();
    },
    onField: (error) => {
      const fields = error instanceof ApiError ? error.fields : {};
      form.setErrors(fields);
      return Object.keys(fields).length > 0;
    },
  });
  return (
    <Paper p="lg">
      <form noValidate onSubmit={form.onSubmit((values) => save.mutate(values))}>
        <Stack gap="md" maw={440}>
          <TextInput label="Name" required {...form.getInputProps("name")} />
          <Select
            label="Time zone"
            description="For the times in mails and the schedules of new checks"
            data={zonesWith(timeZone)}
            searchable
            allowDeselect={false}
            nothingFoundMessage="There is no such zone."
            {...form.getInputProps("time_zone")}
          />
          <Group>
            <Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>
              Save
            </Button>
            <FormProblem error={save.problem} />
          </Group>
        </Stack>
      </form>
    </Paper>
  );
}
