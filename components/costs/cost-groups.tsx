"use client";

import { Box, Button, ColorSwatch, Group, Progress, Stack, Table, Text } from "@mantine/core";
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
  const columns = [GROUPING_WORDS[by], "Cost", "Share", "Steps", ...(hasTokens ? ["Tokens", "Unpriced"] : [])];
  const shown = isWhole ? groups : groups.slice(0, FIRST);
  return (
    <Stack gap="sm" align="flex-start">
      <div style={{ width: "100%" }}>
        <WideTable label={`Cost by ${by}`} columns={columns} minWidth={hasTokens ? 720 : 480}>
          {shown.map((group, place) => (
            <Table.Tr key={JSON.stringify(group.key)}>
              <Table.Td maw={320} style={{ overflowWrap: "anywhere" }}>
                <Group gap="xs" wrap="nowrap">
                  <Swatch place={group.key === null ? groups.length : place} isDrawn={group.cost_usd > 0} />
                  <GroupName projectId={projectId} by={by} group={group} />
                </Group>
              </Table.Td>
              <Cost group={group} />
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

/** The colour of the group in the chart; none of what has no bar there. */
function Swatch({ place, isDrawn }: { place: number; isDrawn: boolean }) {
  if (!isDrawn) return <Box w={10} flex="none" />;
  const colour = colourVariable(colourOf(place));
  return <ColorSwatch size={10} color={colour} withShadow={false} flex="none" aria-hidden="true" />;
}

/** What it cost, and of all; what has no price is not free. */
function Cost({ group: { cost_usd: usd, share, steps, unpriced_steps: unpriced } }: { group: CostGroup }) {
  if (unpriced === steps)
    return (
      <>
        <Table.Td c="dimmed">not known</Table.Td>
        <Table.Td>–</Table.Td>
      </>
    );
  return (
    <>
      <Table.Td>
        <Text span inherit fw={600}>
          {roundUsd(usd)}
        </Text>
      </Table.Td>
      <Table.Td>
        {percentOf(share)}
        <Progress value={share * 100} size="xs" w={90} mt={4} aria-hidden="true" color="pine" />
      </Table.Td>
    </>
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
        {(input ?? 0).toLocaleString("en")} in, {(output ?? 0).toLocaleString("en")} out
      </Table.Td>
      <Table.Td>{unpriced === 0 ? "–" : (unpriced ?? 0).toLocaleString("en")}</Table.Td>
    </>
  );
}
