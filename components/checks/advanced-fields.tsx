"use client";

import { Fieldset, NumberInput, SimpleGrid, Stack, Switch, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import type { CheckForm } from "@/lib/checks/form";
import { DurationField } from "./duration-field";

const SWITCHES = [
  { name: "postOnly", label: "Only POST counts", description: "So that a browser or a crawler cannot signal." },
  {
    name: "ignore_previews",
    label: "Leave out previews of links",
    description: "Chats, mail services and browsers that open the address in advance do not signal.",
  },
  { name: "manual_resume", label: "Resume by hand", description: "While paused, a signal does not start it again." },
  {
    name: "filter_http_body",
    label: "Look for keywords in the body of signals",
    description: "The keywords below decide what a signal means.",
  },
  {
    name: "filter_default_fail",
    label: "Without any keyword it is a failure",
    description: "Otherwise such a signal is left out.",
  },
] as const;

const KEYWORDS = [
  { name: "start_kw", label: "Start keywords" },
  { name: "success_kw", label: "Success keywords" },
  { name: "failure_kw", label: "Failure keywords" },
] as const;

const RUN_BOUNDS = [
  {
    asked: "bounds_run",
    name: "max_run",
    label: "Limit how long a run may take",
    description:
      "Instead of the grace time. Somebody is told of a run that takes longer, but it does not take the check down.",
    field: { label: "Longest run", description: "From its start to its end." },
  },
  {
    asked: "bounds_short_run",
    name: "min_run",
    label: "Expect a run to take some time",
    description: "Somebody is told when a run succeeds sooner than this.",
    field: { label: "Shortest run", description: "From its start to its success." },
  },
] as const;

type Props = { form: UseFormReturnType<CheckForm> };

/** How many signals may be missing, and what is expected of runs. */
function RunFields({ form }: Props) {
  return (
    <>
      <NumberInput
        label="Missing signals until it is down"
        description="From 1 to 10. It is late from the first one on."
        clampBehavior="none"
        {...form.getInputProps("max_misses")}
      />
      {RUN_BOUNDS.map(({ asked, name, label, description, field }) => (
        <Stack key={name} gap="xs">
          <Switch label={label} description={description} {...form.getInputProps(asked, { type: "checkbox" })} />
          {form.values[asked] && (
            <DurationField
              {...field}
              value={form.values[name]}
              onChange={(value) => form.setFieldValue(name, value)}
              error={form.errors[name]}
            />
          )}
        </Stack>
      ))}
      <Switch
        label="Only one run at a time"
        description="Somebody is told when a run starts while another is under way."
        {...form.getInputProps("single_run", { type: "checkbox" })}
      />
      <NumberInput
        label="Signals without progress until it is stuck"
        description="So many signals in a row with the same progress (?progress=…). Leave it empty to not watch it."
        clampBehavior="none"
        {...form.getInputProps("stuck_after")}
      />
      <TextInput
        label="Exit statuses that only warn"
        description="They count as a success and are shown in the events, such as 1, 75-78."
        {...form.getInputProps("warning_exits")}
      />
    </>
  );
}

/** What few checks need. */
export function AdvancedFields({ form }: Props) {
  return (
    <Fieldset legend="Advanced">
      <Stack gap="md">
        <RunFields form={form} />
        {SWITCHES.map(({ name, ...texts }) => (
          <Switch key={name} {...texts} {...form.getInputProps(name, { type: "checkbox" })} />
        ))}
        <SimpleGrid cols={{ base: 1, sm: 3 }}>
          {KEYWORDS.map(({ name, label }) => (
            <TextInput key={name} label={label} placeholder="Separated by commas" {...form.getInputProps(name)} />
          ))}
        </SimpleGrid>
      </Stack>
    </Fieldset>
  );
}
