"use client";

import { ActionIcon, Alert, Group, Paper, SimpleGrid, Stack, Text, Title, Tooltip } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { JsonView } from "@/components/status/json-view";
import { payloadDifference } from "@/lib/replay/compare-detail";
import { factLines } from "@/lib/replay/compare-facts";
import type { Cell, CompareRow } from "@/lib/replay/compare-rows";
import { differenceWords, type Names } from "@/lib/replay/compare-words";
import { stepDetail } from "@/lib/workflows/instance/client";
import type { StepDetail } from "@/lib/workflows/instance/schema";
import classes from "./compare.module.css";
import { PayloadChanges } from "./payload-changes";

type Props = {
  projectId: string;
  ids: { a: string; b: string };
  row: CompareRow;
  names: Names;
  onClose: () => void;
};

const titled = (row: CompareRow): string => {
  const name = row.b?.stageName ?? row.a?.stageName ?? null;
  return `Stage ${row.path}${name === null ? "" : ` (${name})`}`;
};
const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/** One side of the chosen place; null where there is none, undefined while it is on its way. */
function useSide(projectId: string, id: string, cell: Cell | null) {
  const { data, error } = useQuery({
    ...stepDetail({ projectId, id }, cell?.step ?? 0),
    enabled: cell !== null,
  });
  return { step: cell === null ? null : data, error };
}

/** Everything that is kept of the chosen place on both sides. */
export function ComparedPair({ projectId, ids, row, names, onClose }: Props) {
  const a = useSide(projectId, ids.a, row.a);
  const b = useSide(projectId, ids.b, row.b);
  const error = a.error ?? b.error;
  return (
    <Paper component="section" aria-label="Chosen step" p="md">
      <Stack gap="md">
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <div>
            <Title order={2} style={{ overflowWrap: "anywhere" }}>
              {titled(row)}
            </Title>
            <Text size="sm" data-testid="difference">
              {capital(differenceWords(row, names))}.
            </Text>
          </div>
          <Tooltip label="Close the step">
            <ActionIcon variant="subtle" color="gray" aria-label="Close the step" onClick={onClose}>
              <IconX size={18} />
            </ActionIcon>
          </Tooltip>
        </Group>
        {error !== null && <Alert color="red">{error.message}</Alert>}
        <div style={{ minHeight: 240 }}>
          {a.step !== undefined && b.step !== undefined && <Both a={a.step} b={b.step} names={names} />}
        </div>
      </Stack>
    </Paper>
  );
}

type BothProps = { a: StepDetail | null; b: StepDetail | null; names: Names };

function Both({ a, b, names }: BothProps) {
  const difference = useMemo(() => (a === null || b === null ? null : payloadDifference(a, b)), [a, b]);
  return (
    <Stack gap="lg">
      <FactTable a={a} b={b} names={names} />
      {difference !== null && <PayloadChanges {...difference} names={names} />}
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
        <Kept owner={names.a} step={a} />
        <Kept owner={names.b} step={b} />
      </SimpleGrid>
    </Stack>
  );
}

function Kept({ owner, step }: { owner: string; step: StepDetail | null }) {
  const calls = step?.tool_calls ?? null;
  return (
    <Stack gap="md">
      <Payload owner={owner} step={step} />
      {calls !== null && <JsonView label={`Tool calls of ${owner}`} value={calls} />}
    </Stack>
  );
}

function Payload({ owner, step }: { owner: string; step: StepDetail | null }) {
  if (step === null || step.payload === null)
    return (
      <Text size="sm" c="dimmed">
        {step === null ? `${owner} has no such step.` : `The step of ${owner} came without a payload.`}
      </Text>
    );
  return <JsonView label={`Payload of ${owner}`} value={step.payload} />;
}

function FactTable({ a, b, names }: BothProps) {
  return (
    <table className={classes["facts"]} aria-label="Both steps">
      <thead>
        <tr>
          <th scope="col">Fact</th>
          <th scope="col">{stepWords(names.a, a)}</th>
          <th scope="col">{stepWords(names.b, b)}</th>
        </tr>
      </thead>
      <tbody>
        {factLines(a, b).map((line) => (
          <tr key={line.label} data-differs={line.differs || undefined}>
            <th scope="row">{line.label}</th>
            <td data-none={line.a === null || undefined}>{line.a ?? "–"}</td>
            <td data-none={line.b === null || undefined}>{line.b ?? "–"}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const stepWords = (owner: string, step: StepDetail | null): string =>
  step === null ? `${owner}, no such step` : `${owner}, step ${step.step}`;
