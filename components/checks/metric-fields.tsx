"use client";

import { ActionIcon, Button, Code, Fieldset, Group, NumberInput, Stack, Text, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { randomId } from "@mantine/hooks";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import type { CheckForm } from "@/lib/checks/form";
import { newMetricRow } from "@/lib/checks/metrics/form";
import { MAX_SETTINGS } from "@/lib/checks/metrics/metric";

const BOUNDS = [
  { name: "min", label: "Smallest" },
  { name: "max", label: "Largest" },
];

/** Which numbers are looked for in signals, and what they must lie within. */
export function MetricFields({ form }: { form: UseFormReturnType<CheckForm> }) {
  const rows = form.values.metrics;
  return (
    <Fieldset legend="Metrics">
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          Numbers that signals bring, by <Code>?metric=rows:120</Code> or as a field of their JSON; <Code>db.rows</Code>{" "}
          is a field within another. A success with a number outside of its bounds is a failure.
        </Text>
        {rows.map(({ key }, index) => (
          <Group key={key} gap="xs" align="start" role="group" aria-label={`Metric ${index + 1}`}>
            <TextInput
              label="Name"
              placeholder="rows"
              autoCapitalize="off"
              spellCheck={false}
              flex={2}
              miw={140}
              {...form.getInputProps(`metrics.${index}.name`)}
            />
            {BOUNDS.map(({ name, label }) => (
              <NumberInput
                key={name}
                label={label}
                placeholder="any"
                clampBehavior="none"
                hideControls
                flex={1}
                miw={90}
                {...form.getInputProps(`metrics.${index}.${name}`)}
              />
            ))}
            <ActionIcon
              variant="default"
              size={36}
              mt={24}
              aria-label={`Remove metric ${index + 1}`}
              onClick={() => form.removeListItem("metrics", index)}
            >
              <IconTrash size={16} aria-hidden="true" />
            </ActionIcon>
          </Group>
        ))}
        {rows.length < MAX_SETTINGS && (
          <Button
            variant="default"
            w="fit-content"
            leftSection={<IconPlus size={16} aria-hidden="true" />}
            onClick={() => form.insertListItem("metrics", newMetricRow(randomId()))}
          >
            Add a metric
          </Button>
        )}
      </Stack>
    </Fieldset>
  );
}
