import {
  IconCircleCheck,
  IconCircleX,
  IconClockExclamation,
  IconEyeOff,
  IconNotes,
  IconPlayerPlay,
} from "@tabler/icons-react";
import type { LogKind } from "@/lib/checks/detail/log";
import type { PingKind } from "@/lib/checks/state";
import classes from "./kind-dot.module.css";

export const KIND_WORDS: Record<LogKind, string> = {
  success: "Success",
  start: "Start",
  fail: "Failure",
  log: "Log",
  ign: "Ignored",
  missed: "Missed",
  status: "Status changes",
};

const ICONS: Record<PingKind | "missed", typeof IconCircleCheck> = {
  success: IconCircleCheck,
  start: IconPlayerPlay,
  fail: IconCircleX,
  log: IconNotes,
  ign: IconEyeOff,
  missed: IconClockExclamation,
};

/** What a signal said, or that there was none, as icon and word. */
export function KindDot({ kind }: { kind: PingKind | "missed" }) {
  const Icon = ICONS[kind];
  return (
    <span className={classes["kind"]} data-kind={kind}>
      <Icon size={17} stroke={2} aria-hidden="true" />
      {KIND_WORDS[kind]}
    </span>
  );
}
