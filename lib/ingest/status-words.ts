import type { SignalKind } from "./signal";

/** What `status` says of an outcome (public contract §4). `exitStatus` is set when it was a number. */
export type StatusSaid = { kind: SignalKind; exitStatus: number | null };

const FAILURES = new Set(["fail", "failed", "failure", "error", "down"]);
const NUMBER = /^-?\d{1,9}$/;
const LARGEST_EXIT = 255;

/**
 * Success or failure from a status: a word, or the exit status of a shell (`status=$?`). A word nobody knows counts as
 * success, because the job did report; it is shown beside the signal.
 */
export function readStatus(status: string | undefined): StatusSaid {
  const said = (status ?? "").trim().toLowerCase();
  if (!NUMBER.test(said)) return { kind: FAILURES.has(said) ? "fail" : "success", exitStatus: null };
  const number = Number(said);
  const isExit = number >= 0 && number <= LARGEST_EXIT;
  return { kind: number === 0 ? "success" : "fail", exitStatus: isExit ? number : null };
}
