"use client";

import { Checkbox, Radio, Stack } from "@mantine/core";
import { EVENTS, FIRST_CHOICE } from "./events";

type Props = { value: string[]; onChange: (events: string[]) => void; error?: string | undefined };

/** Which events reach a channel; an empty list means all that matter. */
export function EventChoice({ value, onChange, error }: Props) {
  const pick = value.length === 0 ? "all" : "some";
  return (
    <Stack gap="sm">
      <Radio.Group
        label="Events"
        value={pick}
        error={error}
        onChange={(next) => onChange(next === "all" ? [] : FIRST_CHOICE)}
      >
        <Stack gap="xs" mt={6}>
          <Radio value="all" label="Everything that needs somebody, and when it is over" />
          <Radio value="some" label="Only these" />
        </Stack>
      </Radio.Group>
      {pick === "some" && (
        <Checkbox.Group aria-label="Events that reach this channel" value={value} onChange={onChange}>
          <Stack gap="xs" pl={30}>
            {EVENTS.map((event) => (
              <Checkbox key={event.value} value={event.value} label={event.label} />
            ))}
          </Stack>
        </Checkbox.Group>
      )}
    </Stack>
  );
}
