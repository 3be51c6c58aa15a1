"use client";

import { Fieldset, NumberInput, Stack, Switch } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import type { CheckForm } from "@/lib/checks/form";
import { DurationField } from "./duration-field";
import { SignalRules } from "./signal-rules";

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
    </>
  );
}

/** What few checks need: how signals are read, and what is asked of runs. */
export function AdvancedFields({ form }: Props) {
  return (
    <>
      <Fieldset legend="What a signal means">
        <SignalRules form={form} />
      </Fieldset>
      <Fieldset legend="Misses and runs">
        <Stack gap="md">
          <RunFields form={form} />
        </Stack>
      </Fieldset>
    </>
  );
}
