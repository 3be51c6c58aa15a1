import {
  type Icon,
  IconCircleCheck,
  IconCircleX,
  IconClockExclamation,
  IconEyeOff,
  IconNotes,
  IconPlayerPlay,
} from "@tabler/icons-react";
import { StateWord } from "@/components/status/state-word";
import type { LogKind } from "@/lib/checks/detail/log";
import type { ShownStatus } from "@/lib/checks/present";
import type { PingKind } from "@/lib/checks/state";

export const KIND_WORDS: Record<LogKind, string> = {
  success: "Success",
  start: "Start",
  fail: "Failure",
  log: "Log",
  ign: "Ignored",
  missed: "Missed",
  status: "Status changes",
};

export const MISS_WORDS = "A signal was expected then and did not come";

const SIGNS: Record<PingKind | "missed", [icon: Icon, tone: ShownStatus]> = {
  success: [IconCircleCheck, "up"],
  start: [IconPlayerPlay, "running"],
  fail: [IconCircleX, "down"],
  log: [IconNotes, "new"],
  ign: [IconEyeOff, "new"],
  missed: [IconClockExclamation, "late"],
};

/** What a signal said, or that there was none, as icon and word. */
export function KindDot({ kind }: { kind: PingKind | "missed" }) {
  const [icon, tone] = SIGNS[kind];
  return <StateWord tone={tone} word={KIND_WORDS[kind]} icon={icon} />;
}
