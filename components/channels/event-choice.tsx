"use client";

import { Checkbox, Radio, Stack } from "@mantine/core";
import { KINDS_TOLD_OF_APPROVALS } from "@/lib/alerts/events";
import { EVENTS, firstChoice } from "./events";

type Props = { kind: string; value: string[]; onChange: (events: string[]) => void; error?: string | undefined };

/** Which events reach a channel of this kind; an empty list means all that matter. */
export function EventChoice({ kind, value, onChange, error }: Props) {
  const pick = value.length === 0 ? "all" : "some";
  return (
    <Stack gap="sm">
      <Radio.Group
        label="Events"
        value={pick}
        error={error}
        onChange={(next) => onChange(next === "all" ? [] : firstChoice(kind))}
      >
        <Stack gap="xs" mt={6}>
          <Radio
            value="all"
            label="Everything that needs somebody, and when it is over"
            description={
              !KINDS_TOLD_OF_APPROVALS.includes(kind) &&
              "Not approvals: whoever may decide one gets a mail of their own."
            }
          />
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
