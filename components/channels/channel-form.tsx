"use client";

import { Button, Group, Stack, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { FormProblem } from "@/components/layout/form-problem";
import { toastDone } from "@/components/layout/toast";
import { createChannel, updateChannel } from "@/lib/channels/client";
import { type ConfigTexts, configFrom, headerLines } from "@/lib/channels/form";
import type { Channel, ChannelKind } from "@/lib/channels/schema";
import { ApiError } from "@/lib/core/api";
import { EventChoice } from "./event-choice";
import { KIND_FACTS } from "./kinds";

type Values = { name: string; config: ConfigTexts; events: string[] };

function valuesOf(kind: ChannelKind, channel: Channel | undefined): Values {
  const shown = channel?.config ?? {};
  const texts = KIND_FACTS[kind].fields.map(({ name, isSecret }) => {
    if (name === "headers") return [name, headerLines(shown["headers"])];
    const text = shown[name];
    return [name, isSecret || typeof text !== "string" ? "" : text];
  });
  return {
    name: channel?.name ?? KIND_FACTS[kind].label,
    config: Object.fromEntries(texts),
    events: channel?.events ?? [],
  };
}

/** What the server said about each field of this form; `config.headers.X-A` belongs to the headers. */
function errorsOf(error: ApiError): Record<string, string> {
  return Object.fromEntries(
    Object.entries(error.fields).map(([name, reason]) => {
      const [first = "", second] = name.split(".");
      if (first !== "config" || second === undefined) return [first, reason];
      return [`config.${second}`, second === "headers" ? `${name.slice("config.headers.".length)} ${reason}` : reason];
    }),
  );
}

/** Makes a channel of this kind, or changes the given one. */
export function ChannelForm({ projectId, kind, channel }: { projectId: string; kind: ChannelKind; channel?: Channel }) {
  const router = useRouter();
  const form = useForm<Values>({ initialValues: valuesOf(kind, channel) });
  const onError = (error: Error): void => {
    if (error instanceof ApiError) form.setErrors(errorsOf(error));
  };
  const create = useMutation({
    ...createChannel(projectId),
    onSuccess: ({ id }) => router.push(`/projects/${projectId}/channels/${id}` as "/"),
    onError,
  });
  const update = useMutation({
    ...updateChannel(projectId, channel?.id ?? ""),
    onSuccess: (saved) => {
      // The next save compares with what is stored now.
      form.setInitialValues(valuesOf(kind, saved));
      form.reset();
      toastDone("Saved.");
      router.refresh();
    },
    onError,
  });
  const submit = ({ name, config, events }: Values): void => {
    if (channel === undefined) create.mutate({ kind, name, events, config: configFrom(config) });
    else update.mutate({ name, events, config: configFrom(config, channel.config) });
  };
  return (
    <form noValidate onSubmit={form.onSubmit(submit)}>
      <Stack gap="md" maw={560}>
        <TextInput label="Name" description="How you tell it from others." required {...form.getInputProps("name")} />
        {KIND_FACTS[kind].fields.map(({ name, label, placeholder, description, isOptional, isSecret, isLong }) => {
          const isKept = isSecret === true && channel !== undefined && channel.config["has_secret"] !== false;
          const props = {
            label,
            placeholder: isKept ? "Leave empty to keep it" : placeholder,
            description,
            required: !isOptional && !isKept,
            autoComplete: "off",
            spellCheck: false,
            ...form.getInputProps(`config.${name}`),
          };
          return isLong ? <Textarea key={name} autosize minRows={2} {...props} /> : <TextInput key={name} {...props} />;
        })}
        <EventChoice
          kind={kind}
          value={form.values.events}
          onChange={(events) => form.setFieldValue("events", events)}
          error={typeof form.errors["events"] === "string" ? form.errors["events"] : undefined}
        />
        <Group>
          <Button type="submit" loading={create.isPending || update.isPending}>
            {channel === undefined ? "Add channel" : "Save"}
          </Button>
          <FormProblem error={channel === undefined ? create.error : update.error} />
        </Group>
      </Stack>
    </form>
  );
}
