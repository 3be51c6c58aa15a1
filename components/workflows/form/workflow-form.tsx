"use client";

import { Button, Fieldset, Group, MultiSelect, SegmentedControl, Stack, Switch, Text, TextInput } from "@mantine/core";
import { type UseFormReturnType, useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { focusFirst } from "@/components/layout/focus-first";
import { FormProblem } from "@/components/layout/form-problem";
import { LinkButton } from "@/components/layout/link-button";
import { TextLink } from "@/components/layout/text-link";
import { toastDone } from "@/components/layout/toast";
import { ApiError } from "@/lib/core/api";
import { createWorkflow, updateWorkflow } from "@/lib/workflows/client";
import { type WorkflowForm as Form, formErrors, refusedFields, toCreate, toUpdate } from "@/lib/workflows/form";
import { RuleFields } from "./rule-fields";
import { StageEditor } from "./stage-editor";

type Channel = { id: string; name: string; kind: string };
type Props = {
  projectId: string;
  /** Null makes a new workflow. */
  workflowId: string | null;
  initial: Form;
  channels: Channel[];
};

const KINDS = [
  { value: "static", label: "Static: I declare its stages" },
  { value: "dynamic", label: "Dynamic: learned as it runs" },
];

/** Makes or changes a workflow. */
export function WorkflowForm({ projectId, workflowId, initial, channels }: Props) {
  const router = useRouter();
  const list = `/projects/${projectId}/workflows`;
  const isNew = workflowId === null;
  const form = useForm<Form>({ initialValues: initial, validate: (values) => formErrors(values, isNew) });
  const [problem, setProblem] = useState<Error | null>(null);
  const save = useMutation({
    onMutate: () => setProblem(null),
    mutationFn: (values: Form) =>
      isNew
        ? createWorkflow(projectId).mutationFn(toCreate(values))
        : updateWorkflow(projectId, workflowId).mutationFn(toUpdate(values)),
    onSuccess: ({ id }) => {
      toastDone(isNew ? "The workflow is made. It waits for its first signal." : "Saved.");
      router.push((isNew ? `${list}/${id}` : `${list}/${id}?tab=definition`) as "/");
      router.refresh();
    },
    onError: (error) => {
      const refused = error instanceof ApiError ? refusedFields(error.fields) : {};
      const isTaken = error instanceof ApiError && error.code === "conflict";
      form.setErrors(isTaken ? { id: "There is a workflow with this id already." } : refused);
      setProblem(isTaken || Object.keys(refused).length > 0 ? null : error);
    },
  });
  return (
    <form noValidate onSubmit={form.onSubmit((values) => save.mutate(values), focusFirst(form))}>
      <Stack gap="lg" maw={820}>
        <Fieldset legend="What it is">
          <NameFields form={form} isNew={isNew} />
        </Fieldset>
        {form.values.kind === "static" && <StageEditor form={form} />}
        <RuleFields form={form} />
        <ChannelFields form={form} channels={channels} projectId={projectId} />
        <Group>
          <Button type="submit" loading={save.isPending || save.isSuccess}>
            {isNew ? "Make workflow" : "Save"}
          </Button>
          <LinkButton href={isNew ? list : `${list}/${workflowId}`} variant="default">
            Cancel
          </LinkButton>
          <FormProblem error={problem} />
        </Group>
      </Stack>
    </form>
  );
}

function NameFields({ form, isNew }: { form: UseFormReturnType<Form>; isNew: boolean }) {
  const { kind } = form.values;
  return (
    <Stack gap="md">
      {isNew && (
        <SegmentedControl
          aria-label="Kind"
          data={KINDS}
          value={kind}
          onChange={(value) => form.setFieldValue("kind", value === "dynamic" ? "dynamic" : "static")}
          fullWidth
          styles={{ label: { whiteSpace: "normal" } }}
        />
      )}
      <TextInput label="Name" placeholder="Nightly pipeline" required {...form.getInputProps("name")} />
      {isNew && kind === "dynamic" && (
        <TextInput
          label="Id"
          description="What it is called in its address. Left blank, one is made."
          placeholder="my_pipeline"
          autoCapitalize="off"
          spellCheck={false}
          {...form.getInputProps("id")}
        />
      )}
    </Stack>
  );
}

type ChannelProps = { form: UseFormReturnType<Form>; channels: Channel[]; projectId: string };

function ChannelFields({ form, channels, projectId }: ChannelProps) {
  return (
    <Fieldset legend="Who is told">
      <Stack gap="md">
        {channels.length === 0 && (
          <Text size="sm">
            There are no channels yet, so nobody is told when it fails.{" "}
            <TextLink href={`/projects/${projectId}/channels`} underline="always">
              Add a channel
            </TextLink>
          </Text>
        )}
        <Switch
          label="Every channel of the project"
          description="Also those that are still to come."
          {...form.getInputProps("allChannels", { type: "checkbox" })}
        />
        {!form.values.allChannels && channels.length > 0 && (
          <MultiSelect
            label="Channels"
            description="They hear when an instance fails, and when a stage is skipped or out of order. None: nobody is told."
            data={channels.map(({ id, name, kind }) => ({ value: id, label: `${name} (${kind})` }))}
            searchable
            clearable
            clearButtonProps={{ "aria-label": "Remove all channels" }}
            {...form.getInputProps("channels")}
          />
        )}
      </Stack>
    </Fieldset>
  );
}
