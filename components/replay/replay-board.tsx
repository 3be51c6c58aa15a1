"use client";

import { Stack } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { type ComponentProps, useMemo, useState } from "react";
import { EmptyState } from "@/components/layout/empty-state";
import { Section } from "@/components/layout/section";
import { CopyField } from "@/components/status/copy-field";
import board from "@/components/workflows/instance/board.module.css";
import { PausedBanner } from "@/components/workflows/instance/paused-banner";
import { Waterfall } from "@/components/workflows/instance/waterfall";
import { durationWords } from "@/lib/checks/detail/durations";
import { allStages } from "@/lib/replay/forking/continue";
import { type Moment, momentAt } from "@/lib/replay/page/moment";
import type { Speed } from "@/lib/replay/page/play";
import type { ReplayView } from "@/lib/replay/page/replay-queries";
import type { StepDetail } from "@/lib/workflows/instance/schema";
import { tookMs } from "@/lib/workflows/instance/track";
import { Deck } from "./deck";
import { ForkButton } from "./fork-button";
import { InstanceActions } from "./instance-actions";
import { MomentPanel } from "./moment-panel";
import { ReplayHead } from "./replay-head";
import { ReplayStep } from "./replay-step";
import { StageTree } from "./stage-tree";
import { useChosenStep, useReplay } from "./use-replay";

/** What is kept of a step is fetched when one has been at it for so long. */
const REST_MS = 100;

type Props = {
  projectId: string;
  view: ReplayView;
  asked: { step?: number | undefined; speed: Speed };
  /** The step that is shown first, and the one before it. */
  details: StepDetail[];
  /** What it may cost in dollars; null when nobody said. */
  budgetUsd: number | null;
  /** Why a limit of its costs keeps it paused; null when none does. */
  paused: string | null;
  /** Whether who looks may fork it. */
  canWrite: boolean;
};

function wordsOf(step: number, last: number, { moment, name }: { moment: Moment | null; name: string | null }): string {
  const place = `Step ${step.toLocaleString("en")} of ${last.toLocaleString("en")}`;
  if (moment === null) return place;
  const stage = `stage ${moment.row.path}${name === null ? "" : ` (${name})`}${moment.row.isFailed ? ", failed" : ""}`;
  return `${place}: ${stage}, ${durationWords(moment.sinceStartMs)} after the start`;
}

type Forking = Omit<ComponentProps<typeof ForkButton>, "from">;

/** What it takes to fork an instance that is replayed. */
function useForking(projectId: string, view: ReplayView): Forking {
  return useMemo(() => {
    const { instance, workflow, seq } = view;
    return { projectId, instance: { id: instance.id, workflowId: workflow.id, seq }, stages: allStages(view) };
  }, [projectId, view]);
}

/** Time travel through what an instance did. Everything on it tells of one chosen step. */
export function ReplayBoard({ projectId, view, asked, details, budgetUsd, paused, canWrite }: Props) {
  const replay = useReplay(projectId, view);
  const { now, track, count, sums, startedAt, squeezed, axis, lane, history } = replay;
  const [step, choose] = useChosenStep(asked.step, view, count);
  // They stay what they were, though the page is rendered again now and then.
  const [pending] = useState(view.pending);
  const names = useMemo(() => new Map(pending.map(({ path, name }) => [path, name])), [pending]);
  const forking = useForking(projectId, view);
  // The head is not drawn anew with every step.
  const actions = useMemo(() => <InstanceActions {...forking} canWrite={canWrite} />, [forking, canWrite]);
  const last = Math.max(0, count - 1);
  const moment = momentAt({ rows: track.rows, history, sums, pending, axis: squeezed }, step);
  const row = track.rows[step];
  const declared = names.get(row?.path ?? "") ?? null;
  const text = wordsOf(step, last, { moment, name: row?.name ?? declared });
  if (count === 0)
    return (
      <Stack gap="xl">
        <ReplayHead projectId={projectId} view={view} status={now.status} actions={actions} />
        <EmptyState
          title="There is nothing to replay yet"
          text="Every stage that is reported becomes a step that can be gone back to, with what was sent, what it cost and how things stood. Report one, and this page begins by itself."
        >
          <CopyField label="command that reports a stage" value={view.command} />
        </EmptyState>
      </Stack>
    );
  return (
    <Stack gap="xl">
      <ReplayHead projectId={projectId} view={view} status={now.status} actions={actions} />
      <PausedBanner projectId={projectId} id={now.id} status={now.status} reason={paused} canWrite={canWrite} />
      <Deck
        axis={axis}
        rows={track.rows}
        sums={sums}
        failures={history.failures}
        step={step}
        last={last}
        text={text}
        initialSpeed={asked.speed}
        budgetUsd={budgetUsd}
        onChoose={choose}
      />
      {moment !== null && (
        <MomentPanel moment={moment} declared={view.definition.stages.length || null} names={names} />
      )}
      <Section title="What happened until then">
        <div className={board["board"]}>
          <StageTree
            stages={track.stages}
            pending={pending}
            history={history}
            steps={track.rows}
            step={step}
            selected={row?.path ?? null}
            onChoose={choose}
          />
          <Waterfall
            track={track}
            names={names}
            count={count}
            startedAt={startedAt}
            endedAt={null}
            selected={step}
            onSelect={choose}
            lane={lane}
            until={step}
            copied={view.copied}
          />
        </div>
      </Section>
      <StepAtRest
        projectId={projectId}
        view={view}
        replay={replay}
        step={step}
        names={names}
        details={details}
        forking={canWrite ? forking : null}
      />
    </Stack>
  );
}

type StepProps = Pick<Props, "projectId" | "view" | "details"> & {
  replay: ReturnType<typeof useReplay>;
  step: number;
  names: ReadonlyMap<string, string | null>;
  /** What a fork takes to be made; null for who may make none. */
  forking: Forking | null;
};

/** The chosen step as soon as one stays at it. */
function StepAtRest({ projectId, view: { copied }, replay, step, names, details, forking }: StepProps) {
  const { now, track, sums, startedAt } = replay;
  // They stay what they were, though the page is rendered again now and then.
  const [first] = useState(details);
  const [rest] = useDebouncedValue(step, REST_MS);
  const row = track.rows[rest];
  const path = row?.path;
  const action = useMemo(
    () => forking !== null && path !== undefined && <ForkButton {...forking} key={path} from={path} size="xs" />,
    [forking, path],
  );
  return (
    <ReplayStep
      projectId={projectId}
      instanceId={now.id}
      step={rest}
      isPassed={rest !== step}
      row={row}
      tookMs={row === undefined ? null : tookMs(row, { startedAt, copied })}
      declared={names.get(row?.path ?? "") ?? null}
      sums={sums[rest] ?? null}
      isCopied={rest < copied}
      action={action}
      initial={first}
    />
  );
}
