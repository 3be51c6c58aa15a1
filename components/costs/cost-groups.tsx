"use client";

import { Button, ColorSwatch, Group, Progress, Stack, Table, Text } from "@mantine/core";
import { useState } from "react";
import { TextLink } from "@/components/layout/text-link";
import { WideTable } from "@/components/settings/wide-table";
import { colourOf, colourVariable } from "@/lib/costs/overview/chart";
import type { CostGroup, CostGrouping } from "@/lib/costs/overview/schema";
import { GROUPING_WORDS, percentOf, roundUsd } from "@/lib/costs/overview/words";

/** So many are shown before somebody asks for all. */
const FIRST = 15;

type Props = { projectId: string; by: CostGrouping; groups: readonly CostGroup[] };

/** What each group cost in the period, dearest first; the colours are those of the chart. */
export function CostGroups({ projectId, by, groups }: Props) {
  const [isWhole, setWhole] = useState(false);
  const hasTokens = by !== "tag";
  const columns = [GROUPING_WORDS[by], "Cost", "Share", "Steps", ...(hasTokens ? ["Tokens in / out", "Unpriced"] : [])];
  const shown = isWhole ? groups : groups.slice(0, FIRST);
  return (
    <Stack gap="sm" align="flex-start">
      <div style={{ width: "100%" }}>
        <WideTable label={`Cost by ${by}`} columns={columns} minWidth={hasTokens ? 720 : 480}>
          {shown.map((group, place) => (
            <Table.Tr key={JSON.stringify(group.key)}>
              <Table.Td maw={320} style={{ overflowWrap: "anywhere" }}>
                <Group gap="xs" wrap="nowrap">
                  <Swatch place={group.key === null ? groups.length : place} />
                  <GroupName projectId={projectId} by={by} group={group} />
                </Group>
              </Table.Td>
              <Table.Td fw={600}>{roundUsd(group.cost_usd)}</Table.Td>
              <Table.Td>
                {percentOf(group.share)}
                <Progress value={group.share * 100} size="xs" w={90} mt={4} aria-hidden="true" color="pine" />
              </Table.Td>
              <Table.Td>{group.steps.toLocaleString("en")}</Table.Td>
              {hasTokens && <Tokens group={group} />}
            </Table.Tr>
          ))}
        </WideTable>
      </div>
      {groups.length > shown.length && (
        <Button variant="default" size="sm" onClick={() => setWhole(true)}>
          Show all {groups.length.toLocaleString("en")}
        </Button>
      )}
    </Stack>
  );
}

/** The colour of the group in the chart. */
function Swatch({ place }: { place: number }) {
  return (
    <ColorSwatch size={10} color={colourVariable(colourOf(place))} withShadow={false} flex="none" aria-hidden="true" />
  );
}

function GroupName({ projectId, by, group: { key, name } }: Omit<Props, "groups"> & { group: CostGroup }) {
  if (key === null || key === "")
    return (
      <Text size="sm" c="dimmed">
        {name}
      </Text>
    );
  if (by !== "workflow") return <span>{name}</span>;
  return (
    <TextLink href={`/projects/${projectId}/workflows/${encodeURIComponent(key)}?tab=costs`} size="sm">
      {name}
    </TextLink>
  );
}

function Tokens({
  group: { input_tokens: input, output_tokens: output, unpriced_steps: unpriced },
}: {
  group: CostGroup;
}) {
  return (
    <>
      <Table.Td>
        {(input ?? 0).toLocaleString("en")} / {(output ?? 0).toLocaleString("en")}
      </Table.Td>
      <Table.Td>{unpriced === 0 ? "–" : (unpriced ?? 0).toLocaleString("en")}</Table.Td>
    </>
  );
}
