"use client";

import { Button, Fieldset, Group, MultiSelect, Stack, TagsInput, Text, Textarea, TextInput } from "@mantine/core";
import { type UseFormReturnType, useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { focusFirst } from "@/components/layout/focus-first";
import { FormProblem } from "@/components/layout/form-problem";
import { LinkButton } from "@/components/layout/link-button";
import { TextLink } from "@/components/layout/text-link";
import { toastDone } from "@/components/layout/toast";
import { createCheck, updateCheck } from "@/lib/checks/client";
import { type CheckForm as Form, formErrors, refusedField, toInput } from "@/lib/checks/form";
import { slugify } from "@/lib/checks/input";
import { ApiError } from "@/lib/core/api";
import { AdvancedFields } from "./advanced-fields";
import { MetricFields } from "./metric-fields";
import { ScheduleFields } from "./schedule-fields";

type Props = {
  projectId: string;
  /** Null makes a new check. */
  checkId: string | null;
  initial: Form;
  channels: { id: string; name: string; kind: string }[];
  knownTags: string[];
};

/** Makes or changes a check. */
export function CheckForm({ projectId, checkId, initial, channels, knownTags }: Props) {
  const router = useRouter();
  const list = `/projects/${projectId}/checks`;
  const form = useForm<Form>({ initialValues: initial, validate: formErrors });
  const [problem, setProblem] = useState<Error | null>(null);
  const save = useMutation({
    onMutate: () => setProblem(null),
    mutationFn: (values: Form) => {
      const { mutationFn } = checkId === null ? createCheck(projectId) : updateCheck(projectId, checkId);
      return mutationFn(toInput(values));
    },
    onSuccess: ({ uuid }) => {
      toastDone(checkId === null ? "The check is made. It waits for its first signal." : "Saved.");
      router.push(`${list}/${uuid}` as "/");
      router.refresh();
    },
    onError: (error, values) => {
      const refused = error instanceof ApiError ? refusedField(error.message, values) : null;
      if (refused !== null) form.setFieldError(refused.field, refused.message);
      setProblem(refused === null ? error : null);
    },
  });
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate(values), focusFirst(form))} noValidate>
      <Stack gap="lg" maw={760}>
        <Fieldset legend="What it is">
          <NameFields form={form} knownTags={knownTags} />
        </Fieldset>
        <ScheduleFields form={form} projectId={projectId} />
        <Fieldset legend="Who is told">
          {channels.length === 0 ? (
            <Text size="sm">
              There are no channels yet, so nobody is told when it goes down.{" "}
              <TextLink href={`/projects/${projectId}/channels`} underline="always">
                Add a channel
              </TextLink>
            </Text>
          ) : (
            <MultiSelect
              label="Channels"
              description="They hear when it goes down and when it comes back."
              data={channels.map(({ id, name, kind }) => ({ value: id, label: `${name} (${kind})` }))}
              searchable
              clearable
              clearButtonProps={{ "aria-label": "Remove all channels" }}
              {...form.getInputProps("channels")}
            />
          )}
        </Fieldset>
        <MetricFields form={form} />
        <AdvancedFields form={form} />
        <Group>
          <Button type="submit" loading={save.isPending || save.isSuccess}>
            {checkId === null ? "Make check" : "Save"}
          </Button>
          <LinkButton href={checkId === null ? list : `${list}/${checkId}`} variant="default">
            Cancel
          </LinkButton>
          <FormProblem error={problem} />
        </Group>
      </Stack>
    </form>
  );
}

function NameFields({ form, knownTags }: { form: UseFormReturnType<Form>; knownTags: string[] }) {
  const suggested = slugify(form.values.name);
  return (
    <Stack gap="md">
      <TextInput label="Name" placeholder="Nightly backup" required data-autofocus {...form.getInputProps("name")} />
      <Group align="end" gap="xs">
        <TextInput
          label="Slug"
          description="Lets jobs call it by a name of your choice, next to its own address."
          placeholder={suggested || "nightly-backup"}
          autoCapitalize="off"
          spellCheck={false}
          flex={1}
          miw={200}
          {...form.getInputProps("slug")}
        />
        {form.values.slug === "" && suggested !== "" && (
          <Button variant="default" onClick={() => form.setFieldValue("slug", suggested)}>
            Use “{suggested.length > 24 ? `${suggested.slice(0, 24)}…` : suggested}”
          </Button>
        )}
      </Group>
      <TagsInput
        label="Tags"
        description="To find it in the list. Enter, a comma or a space ends a tag."
        data={knownTags}
        splitChars={[",", " "]}
        clearable
        clearButtonProps={{ "aria-label": "Remove all tags" }}
        {...form.getInputProps("tags")}
      />
      <Textarea
        label="Description"
        description="What the job does, and what to do when it is down."
        autosize
        minRows={2}
        maxRows={12}
        {...form.getInputProps("desc")}
      />
    </Stack>
  );
}
