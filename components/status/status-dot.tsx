import type { ShownStatus } from "@/lib/checks/present";
import { StateWord } from "./state-word";

const WORDS: Record<ShownStatus, string> = {
  new: "New",
  up: "Up",
  late: "Late",
  down: "Down",
  paused: "Paused",
  running: "Running",
};

/** A check's status as dot and word, never colour alone. */
export function StatusDot({ status }: { status: ShownStatus }) {
  return <StateWord tone={status} word={WORDS[status]} />;
}
