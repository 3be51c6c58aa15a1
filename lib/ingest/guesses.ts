import { Memory } from "@/lib/core/memory";
import { subjectOf, type Target } from "./signal";

/** How many are remembered, in some 300 bytes each. */
const MAX_REMEMBERED = 20_000;

const remembered = new Memory<string>(MAX_REMEMBERED);

/**
 * The check a target led to last time, as far as this process knows: what may be locked before it is known where the
 * target leads now, never an answer to that.
 */
export function guess(target: Target): string | undefined {
  return target.by === "uuid" ? target.uuid : remembered.get(subjectOf(target));
}

/** Keeps where a target led; the oldest of too many is forgotten. */
export function remember(target: Target, checkId: string): void {
  if (target.by === "uuid") return;
  const subject = subjectOf(target);
  if (remembered.get(subject) !== checkId) remembered.set(subject, checkId);
}
