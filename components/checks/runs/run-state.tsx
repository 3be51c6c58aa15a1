import {
  type Icon,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleX,
  IconClockX,
  IconPlayerPlay,
} from "@tabler/icons-react";
import { StateWord } from "@/components/status/state-word";
import type { RunStatus } from "@/lib/checks/history/choices";
import type { ShownStatus } from "@/lib/checks/present";

export const RUN_WORDS: Record<RunStatus, string> = {
  running: "Running",
  success: "Success",
  failed: "Failed",
  timed_out: "Timed out",
  abandoned: "Abandoned",
};

const SIGNS: Record<RunStatus, [icon: Icon, tone: ShownStatus]> = {
  running: [IconPlayerPlay, "running"],
  success: [IconCircleCheck, "up"],
  failed: [IconCircleX, "down"],
  timed_out: [IconClockX, "down"],
  abandoned: [IconCircleDashed, "new"],
};

/** What became of a run, as icon and word. */
export function RunState({ status }: { status: RunStatus }) {
  const [icon, tone] = SIGNS[status];
  return <StateWord tone={tone} word={RUN_WORDS[status]} icon={icon} />;
}
