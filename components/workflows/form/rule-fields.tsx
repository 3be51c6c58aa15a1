"use client";

import { Fieldset, Radio, Stack, Switch } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { DurationField } from "@/components/checks/duration-field";
import type { WorkflowForm } from "@/lib/workflows/form";

type Props = { form: UseFormReturnType<WorkflowForm> };

const MODES = [
  { value: "flexible", label: "Flexible", description: "Stages may come in any order, as long as all come." },
  {
    value: "strict",
    label: "Strict",
    description: "Stages come in order. One that skips another or comes again is refused, and somebody is told.",
  },
];

/** What a workflow asks of its instances, beside its stages. */
export function RuleFields({ form }: Props) {
  const { kind, mode } = form.values;
  return (
    <Fieldset legend="Rules">
      <Stack gap="md">
        <Radio.Group
          label="Mode"
          value={mode}
          onChange={(value) => form.setFieldValue("mode", value === "strict" ? "strict" : "flexible")}
        >
          <Stack gap="xs" mt={6}>
            {MODES.map((choice) => (
              <Radio key={choice.value} {...choice} />
            ))}
          </Stack>
        </Radio.Group>
        {mode === "flexible" && (
          <DurationField
            label="Grace period"
            description={
              kind === "static"
                ? "All stages must have come so long after the first. Blank: whenever."
                : "The final stage must have come so long after the first. Blank: whenever."
            }
            value={form.values.grace}
            onChange={(value) => form.setFieldValue("grace", value)}
            error={form.errors["grace"]}
            isOptional
          />
        )}
        <DurationField
          label="Longest instance"
          description="An instance that takes longer fails. Blank: it may take for ever."
          value={form.values.instanceTimeout}
          onChange={(value) => form.setFieldValue("instanceTimeout", value)}
          error={form.errors["instanceTimeout"]}
          isOptional
        />
        <Switch
          label="Every signal must name its agent"
          description="One without agent= is refused."
          {...form.getInputProps("strictAgents", { type: "checkbox" })}
        />
      </Stack>
    </Fieldset>
  );
}
