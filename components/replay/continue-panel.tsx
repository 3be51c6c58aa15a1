"use client";

import { Stack } from "@mantine/core";
import { JsonView } from "@/components/status/json-view";
import { WaitingPanel } from "@/components/status/waiting-panel";

type Props = {
  command: string;
  /** Merge patches for stages to come, by path. */
  overrides: Record<string, unknown>;
  /** Whether something was reported since it was made. */
  hasGoneOn: boolean;
};

const BEFORE =
  "Nothing goes on by itself: your workers or agents are told by webhook and GET /api/commands, or you report the next stage by hand, by the name of this instance.";

/** How to go on with an instance that was made from another, until something is reported. */
export function ContinuePanel({ command, overrides, hasGoneOn }: Props) {
  const isChanged = Object.keys(overrides).length > 0;
  return (
    <Stack gap="sm">
      <WaitingPanel
        command={command}
        hasSignal={hasGoneOn}
        words={{ before: BEFORE, after: "It goes on. What is reported is listed below." }}
      />
      {isChanged && <JsonView label="Changes to payloads of stages to come" value={overrides} />}
    </Stack>
  );
}
