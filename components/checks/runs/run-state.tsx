import { IconCircleCheck, IconCircleDashed, IconCircleX, IconClockX, IconPlayerPlay } from "@tabler/icons-react";
import type { RunStatus } from "@/lib/checks/history/schema";
import classes from "./run-state.module.css";

export const RUN_WORDS: Record<RunStatus, string> = {
  running: "Running",
  success: "Success",
  failed: "Failed",
  timed_out: "Timed out",
  abandoned: "Abandoned",
};

const ICONS: Record<RunStatus, typeof IconCircleCheck> = {
  running: IconPlayerPlay,
  success: IconCircleCheck,
  failed: IconCircleX,
  timed_out: IconClockX,
  abandoned: IconCircleDashed,
};

/** What became of a run, as icon and word. */
export function RunState({ status }: { status: RunStatus }) {
  const Icon = ICONS[status];
  return (
    <span className={classes["state"]} data-status={status}>
      <Icon size={17} stroke={2} aria-hidden="true" />
      {RUN_WORDS[status]}
    </span>
  );
}
