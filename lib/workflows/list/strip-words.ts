import type { InstanceStatus } from "@/lib/workflows/schema";

/** How many of the newest instances the list shows of each workflow. */
export const STRIP_LENGTH = 20;

export type StripInstance = { id: string; status: InstanceStatus };

const WORDS: [InstanceStatus, string][] = [
  ["completed", "completed"],
  ["failed", "failed"],
  ["terminated", "terminated"],
  ["paused", "paused"],
  ["running", "running"],
];

/** A strip for those who do not see it: `Last 20 instances: 17 completed, 2 failed, 1 running.` */
export function stripWords(strip: readonly StripInstance[]): string {
  if (strip.length === 0) return "No instances yet.";
  const counts = WORDS.map(([status, word]) => [strip.filter((one) => one.status === status).length, word] as const);
  const parts = counts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  return `Last ${strip.length === 1 ? "instance" : `${strip.length} instances`}: ${parts.join(", ")}.`;
}
