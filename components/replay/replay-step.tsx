"use client";

import { Alert, Badge, Box, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { memo, type ReactNode } from "react";
import { FactList } from "@/components/status/fact-list";
import { JsonView } from "@/components/status/json-view";
import { stepFacts } from "@/components/workflows/instance/step-facts";
import type { Sums } from "@/lib/replay/page/amounts";
import { costWords } from "@/lib/replay/page/words";
import { stepDetail } from "@/lib/workflows/instance/client";
import type { StepDetail } from "@/lib/workflows/instance/schema";
import type { TrackRow } from "@/lib/workflows/instance/track";
import classes from "./deck.module.css";
import { PayloadDifference } from "./payload-difference";

type Named = { projectId: string; id: string };

/** Everything that is kept of a step; null stands for none. */
function useDetail(named: Named, step: number | null, initial: StepDetail[]) {
  const known = initial.find((one) => one.step === step);
  return useQuery({
    ...stepDetail(named, step ?? 0),
    enabled: step !== null,
    placeholderData: keepPreviousData,
    ...(known !== undefined && { initialData: known }),
  });
}

type Props = {
  projectId: string;
  instanceId: string;
  step: number;
  /** Whether one has gone on to another step already. */
  isPassed: boolean;
  /** What the list knows of it; undefined while it is on its way. */
  row: TrackRow | undefined;
  tookMs: number | null;
  /** What its stage is called when it does not say it. */
  declared: string | null;
  sums: Sums | null;
  isCopied: boolean;
  /** What can be done from here. */
  action: ReactNode;
  /** What came with the page. */
  initial: StepDetail[];
};

/** Everything that is kept of the chosen step, and what is other in its payload than in that of the one before. */
export const ReplayStep = memo(function ReplayStep(props: Props) {
  const { projectId, instanceId: id, step, isPassed, row, tookMs, declared, sums, isCopied, action, initial } = props;
  const { data: detail, error } = useDetail({ projectId, id }, step, initial);
  const { data: before } = useDetail({ projectId, id }, step === 0 ? null : step - 1, initial);
  const path = row?.path ?? (detail?.step === step ? detail.stage_path : "");
  const name = row?.name ?? declared;
  const isOfAnother = isPassed || detail?.step !== step;
  return (
    <Paper component="section" aria-label="Chosen step" p="md" aria-busy={isOfAnother}>
      <Stack gap="md" className={isOfAnother ? classes["earlier"] : undefined}>
        <Group gap="sm">
          <Title order={2} style={{ overflowWrap: "anywhere" }}>
            Step {step}: stage {path}
            {name !== null && ` (${name})`}
          </Title>
          {isCopied && (
            <Badge variant="default" tt="none">
              Copied
            </Badge>
          )}
          <Box ms="auto">{action}</Box>
        </Group>
        {error !== null && <Alert color="red">{error.message}</Alert>}
        <div style={{ minHeight: 120 }}>
          {detail !== undefined && <Kept detail={detail} before={before} tookMs={tookMs} sums={sums} />}
        </div>
      </Stack>
    </Paper>
  );
});

type KeptProps = {
  detail: StepDetail;
  before: StepDetail | undefined;
  tookMs: number | null;
  sums: Sums | null;
};

function Kept({ detail, before, tookMs, sums }: KeptProps) {
  const isPair = before !== undefined && before.step === detail.step - 1;
  return (
    <Stack gap="md">
      <FactList facts={[...stepFacts(detail, tookMs), ["Cost up to here", costWords(sums)]]} />
      <div className={classes["values"]}>
        {detail.payload === null ? (
          <Text size="sm" c="dimmed">
            It came without a payload.
          </Text>
        ) : (
          <JsonView label="Payload" value={detail.payload} />
        )}
        {isPair && (detail.payload !== null || before.payload !== null) && (
          <PayloadDifference before={before.payload} beforeStep={before.step} after={detail.payload} />
        )}
        {detail.usage !== null && <JsonView label="Usage" value={detail.usage} />}
        {detail.tool_calls !== null && <JsonView label="Tool calls" value={detail.tool_calls} />}
      </div>
    </Stack>
  );
}
