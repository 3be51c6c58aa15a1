"use client";

import { Group, NativeSelect, NumberInput } from "@mantine/core";
import type { ReactNode } from "react";
import { type Duration, UNITS, type Unit } from "@/lib/checks/form";

type Props = {
  label: string;
  description: string;
  value: Duration;
  onChange: (value: Duration) => void;
  error: ReactNode;
  /** Whether it may stay blank. */
  isOptional?: boolean;
};

// Object.keys gives string[]; the keys of a literal are its units.
const ALL_UNITS = Object.keys(UNITS) as Unit[];

/** A duration as a number and its unit. */
export function DurationField({ label, description, value, onChange, error, isOptional = false }: Props) {
  return (
    <Group gap="xs" align="start" wrap="nowrap">
      <NumberInput
        label={label}
        description={description}
        required={!isOptional}
        clampBehavior="none"
        value={value.count}
        onChange={(count) => onChange({ ...value, count })}
        error={error}
        flex={1}
        inputWrapperOrder={["label", "input", "description", "error"]}
        hideControls
      />
      <NativeSelect
        label="Unit"
        aria-label={`Unit of ${label.toLowerCase()}`}
        data={ALL_UNITS}
        value={value.unit}
        onChange={({ currentTarget }) =>
          onChange({ ...value, unit: ALL_UNITS.find((unit) => unit === currentTarget.value) ?? value.unit })
        }
        w={120}
      />
    </Group>
  );
}
