"use client";

import { Group, Input, NativeSelect, NumberInput } from "@mantine/core";
import { type ReactNode, useId } from "react";
import { type Duration, UNITS, type Unit } from "@/lib/checks/form";

type Props = {
  label: string;
  description: string;
  value: Duration;
  onChange: (value: Duration) => void;
  error: ReactNode;
};

// Object.keys gives string[]; the keys of a literal are its units.
const ALL_UNITS = Object.keys(UNITS) as Unit[];

/** A duration as a number and its unit. */
export function DurationField({ label, description, value, onChange, error }: Props) {
  const id = useId();
  return (
    <Input.Wrapper
      id={id}
      label={label}
      description={description}
      required
      error={error}
      inputWrapperOrder={["label", "input", "description", "error"]}
    >
      <Group gap="xs" wrap="nowrap">
        <NumberInput
          id={id}
          flex={1}
          min={1}
          required
          clampBehavior="none"
          allowNegative={false}
          hideControls
          value={value.count}
          onChange={(count) => onChange({ ...value, count })}
          error={Boolean(error)}
        />
        <NativeSelect
          w={130}
          aria-label={`Unit of ${label.toLowerCase()}`}
          data={ALL_UNITS}
          value={value.unit}
          onChange={({ currentTarget }) =>
            onChange({ ...value, unit: ALL_UNITS.find((unit) => unit === currentTarget.value) ?? value.unit })
          }
        />
      </Group>
    </Input.Wrapper>
  );
}
