"use client";

import { ActionIcon, Alert, Group, Paper, Stack, Text, Title, Tooltip } from "@mantine/core";
import { IconChevronDown, IconChevronUp, IconX } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { FactList } from "@/components/status/fact-list";
import { JsonView } from "@/components/status/json-view";
import { stepDetail } from "@/lib/workflows/instance/client";
import type { StepDetail } from "@/lib/workflows/instance/schema";
import type { TrackRow } from "@/lib/workflows/instance/track";
import { stepFacts } from "./step-facts";

type Props = {
  projectId: string;
  instanceId: string;
  step: number;
  /** What the list knows of it; undefined while it is on its way. */
  row: TrackRow | undefined;
  /** What its stage is called when it does not say it. */
  declared: string | null;
  /** What came with the page. */
  initial: StepDetail | null;
  count: number;
  onSelect: (step: number | null) => void;
  /** What else can be done with it. */
  action?: ReactNode;
};

/** Everything that is kept of the selected step. */
export function StepPanel({ projectId, instanceId, step, row, declared, initial, count, onSelect, action }: Props) {
  const { data, error } = useQuery({
    ...stepDetail({ projectId, id: instanceId }, step),
    placeholderData: keepPreviousData,
    ...(initial?.step === step && { initialData: initial }),
  });
  const kept = data?.step === step ? data : undefined;
  const path = row?.path ?? kept?.stage_path ?? "";
  const name = row?.name ?? kept?.stage_name ?? declared;
  return (
    <Paper component="section" aria-label="Selected step" p="md">
      <Stack gap="md">
        <Group justify="space-between" align="flex-start" gap="xs">
          <Title order={2} style={{ flex: "1 1 12rem", overflowWrap: "anywhere" }}>
            Step {step}: stage {path}
            {name !== null && ` (${name})`}
          </Title>
          <Group gap={4} wrap="nowrap">
            {action}
            <Act label="Previous step" isOff={step === 0} onClick={() => onSelect(step - 1)}>
              <IconChevronUp size={18} />
            </Act>
            <Act label="Next step" isOff={step >= count - 1} onClick={() => onSelect(step + 1)}>
              <IconChevronDown size={18} />
            </Act>
            <Act label="Close the step" onClick={() => onSelect(null)}>
              <IconX size={18} />
            </Act>
          </Group>
        </Group>
        {error !== null && <Alert color="red">{error.message}</Alert>}
        <div style={{ minHeight: 96 }}>{kept !== undefined && <Kept kept={kept} row={row} />}</div>
      </Stack>
    </Paper>
  );
}

type ActProps = { label: string; isOff?: boolean; onClick: () => void; children: ReactNode };

function Act({ label, isOff = false, onClick, children }: ActProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon variant="subtle" color="gray" aria-label={label} disabled={isOff} onClick={onClick}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

function Kept({ kept, row }: { kept: StepDetail; row: TrackRow | undefined }) {
  return (
    <Stack gap="md">
      <FactList facts={stepFacts(kept, row === undefined ? null : row.at - row.start)} />
      {kept.payload === null ? (
        <Text size="sm" c="dimmed">
          It came without a payload.
        </Text>
      ) : (
        <JsonView label="Payload" value={kept.payload} />
      )}
      {kept.usage !== null && <JsonView label="Usage" value={kept.usage} />}
      {kept.tool_calls !== null && <JsonView label="Tool calls" value={kept.tool_calls} />}
    </Stack>
  );
}
