"use client";

import { Group, Stack, Text } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { useMemo } from "react";
import { InstanceApprovals } from "@/components/approvals/instance-approvals";
import { EmptyState } from "@/components/layout/empty-state";
import { Section } from "@/components/layout/section";
import { ForkButton } from "@/components/replay/fork-button";
import { InstanceActions } from "@/components/replay/instance-actions";
import { InstanceOrigin } from "@/components/replay/instance-origin";
import { LineageSection } from "@/components/replay/lineage";
import { SessionList } from "@/components/replay/session-list";
import type { ApprovalRow } from "@/lib/approvals/schema";
import type { InstanceCosts } from "@/lib/costs/tab/instance-costs";
import type { Family } from "@/lib/replay/family-queries";
import { allStages } from "@/lib/replay/forking/continue";
import type { Link, Seen } from "@/lib/workflows/instance/live-instance";
import { isOver, type StepDetail } from "@/lib/workflows/instance/schema";
import type { InstanceView } from "@/lib/workflows/instance/view-queries";
import { rowAfterKey } from "@/lib/workflows/instance/windowing";
import classes from "./board.module.css";
import { CostSection, type LimitedLine } from "./cost-section";
import { InstanceHead } from "./instance-head";
import { PausedBanner } from "./paused-banner";
import { StageList } from "./stage-list";
import { StepPanel } from "./step-panel";
import { TerminateButton } from "./terminate-button";
import { useInstance } from "./use-instance";
import { useStep } from "./use-step";
import { Waterfall } from "./waterfall";

type Props = {
  projectId: string;
  view: InstanceView;
  selected: StepDetail | null;
  /** The newest that it asked for. */
  approvals: ApprovalRow[];
  family: Family;
  costs: InstanceCosts;
  line: LimitedLine;
  /** Whether who looks may fork it. */
  canWrite: boolean;
};

/** The keys j and k go to the next step and to the one before, wherever on the page one is. */
function useStepKeys(step: number | null, count: number, onSelect: (step: number) => void): void {
  const press = (key: string) => () => {
    // A key does nothing behind a dialog.
    if (document.querySelector("[aria-modal]") !== null) return;
    const row = rowAfterKey(key, step, { count, page: 1 });
    if (row !== null) onSelect(row);
  };
  useHotkeys([
    ["j", press("ArrowDown")],
    ["k", press("ArrowUp")],
  ]);
}

/** The paths of the stages at which it waits for an approval. */
const waitingStages = (approvals: ApprovalRow[]): ReadonlySet<string> =>
  new Set(approvals.flatMap(({ status, stage_path: path }) => (status === "pending" && path !== null ? [path] : [])));

/** The page of an instance. It follows what happens while the instance runs. */
export function InstanceBoard({ projectId, view, selected, approvals, family, costs, line, canWrite }: Props) {
  const seen = useInstance(projectId, view);
  const { now, track } = seen;
  const [step, setStep] = useStep(selected?.step ?? null);
  const count = Math.max(now.total_steps, track.rows.length);
  useStepKeys(step, count, setStep);
  const names = useMemo(() => new Map(view.pending.map(({ path, name }) => [path, name])), [view.pending]);
  const waiting = useMemo(() => waitingStages(approvals), [approvals]);
  const row = step === null ? undefined : track.rows[step];
  const forking = {
    projectId,
    instance: { id: now.id, workflowId: view.workflow.id, seq: view.seq },
    stages: useMemo(() => allStages(view), [view]),
  };
  return (
    <Stack gap="xl">
      <InstanceHead
        projectId={projectId}
        view={view}
        seen={seen}
        costs={costs}
        canWrite={canWrite}
        actions={
          <>
            <InstanceActions {...forking} canWrite={canWrite} />
            {canWrite && !isOver(now.status) && <TerminateButton projectId={projectId} id={now.id} />}
          </>
        }
      />
      <PausedBanner projectId={projectId} id={now.id} status={now.status} reason={costs.paused} canWrite={canWrite} />
      <InstanceOrigin projectId={projectId} now={now} copied={view.copied} family={family} />
      <InstanceApprovals projectId={projectId} rows={approvals} />
      {count === 0 ? (
        <EmptyState title="No stage has come yet" text="Every stage that is reported will be here." />
      ) : (
        <StepsSection
          view={view}
          seen={seen}
          names={names}
          waiting={waiting}
          count={count}
          copied={view.copied}
          step={step}
          onSelect={setStep}
        />
      )}
      {step !== null && step < count && (
        <StepPanel
          projectId={projectId}
          instanceId={now.id}
          step={step}
          row={row}
          declared={names.get(row?.path ?? "") ?? null}
          initial={selected}
          count={count}
          onSelect={setStep}
          action={canWrite && row !== undefined && <ForkButton {...forking} key={row.path} from={row.path} size="xs" />}
        />
      )}
      <CostSection {...line} />
      <LineageSection projectId={projectId} id={now.id} nodes={family.nodes} isWhole={family.isWhole} />
      <SessionList projectId={projectId} nodes={family.nodes} sessions={family.sessions} />
    </Stack>
  );
}

type StepsProps = {
  view: InstanceView;
  seen: Seen & { isWhole: boolean };
  names: ReadonlyMap<string, string | null>;
  waiting: ReadonlySet<string>;
  count: number;
  /** How many steps were copied from another instance. */
  copied: number;
  step: number | null;
  onSelect: (step: number) => void;
};

function StepsSection({
  view,
  seen: { now, track, link, isWhole },
  names,
  waiting,
  count,
  copied,
  step,
  onSelect,
}: StepsProps) {
  const selected = step === null ? null : (track.rows[step]?.path ?? null);
  return (
    <Section title="What happened" action={<LiveMark link={link} />}>
      <div className={classes["board"]}>
        <StageList
          stages={isWhole ? track.stages : view.stages}
          pending={view.pending}
          waiting={waiting}
          selected={selected}
          onSelect={onSelect}
        />
        <Waterfall
          track={track}
          names={names}
          count={count}
          copied={copied}
          startedAt={Date.parse(now.started_at)}
          endedAt={now.completed_at === null ? null : Date.parse(now.completed_at)}
          selected={step}
          onSelect={onSelect}
        />
      </div>
    </Section>
  );
}

const LINKS: Record<Link, string> = {
  none: "",
  live: "Live",
  lost: "Connecting again",
  asking: "Updated every 3 seconds",
};

function LiveMark({ link }: { link: Link }) {
  return (
    <Group gap="xs" role="status" aria-label="Updates">
      <Text size="sm" c="dimmed" span className={classes["live"] ?? ""} data-link={link}>
        {LINKS[link]}
      </Text>
    </Group>
  );
}
