"use client";

import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { toastDone, toastError } from "@/components/layout/toast";
import { deleteWithUndo } from "@/components/layout/undo-toast";
import { deleteCheck, pauseCheck, resumeCheck } from "@/lib/checks/client";
import { ApiError } from "@/lib/core/api";

type Named = { id: string; name: string };
export type Actions = Record<"pause" | "resume" | "remove", (checks: Named[]) => void>;
type Verb = "pause" | "resume" | "delete";
type Outcome = { done: number; gone: number; left: string[]; failure: unknown };

const DONE: Record<Verb, string> = { pause: "Paused", resume: "Resumed", delete: "Deleted" };
const GONE = 404;
/** It is as it was asked to be: somebody else was faster. */
const ALREADY = 409;

const isCalm = (error: unknown): boolean =>
  error instanceof ApiError && (error.status === GONE || error.status === ALREADY);

/** Does something to each check and tells how it went, whatever becomes of single ones. */
async function settle(ids: string[], act: (id: string) => Promise<unknown>): Promise<Outcome> {
  const outcome: Outcome = { done: 0, gone: 0, left: [], failure: null };
  const one = async (id: string): Promise<void> => {
    try {
      await act(id);
      outcome.done += 1;
    } catch (error) {
      if (error instanceof ApiError && error.status === GONE) outcome.gone += 1;
      if (isCalm(error)) return;
      outcome.left.push(id);
      outcome.failure = error;
    }
  };
  await Promise.all(ids.map(one));
  return outcome;
}

export const inNumbers = (count: number): string => `${count} check${count === 1 ? "" : "s"}`;

function tell(verb: Verb, { done, gone, failure }: Outcome): void {
  const parts = [
    done > 0 ? `${DONE[verb]} ${inNumbers(done)}.` : "",
    gone > 0 ? `${gone === 1 ? "One check was" : `${gone} checks were`} already gone.` : "",
  ].filter(Boolean);
  if (parts.length > 0 && !(verb === "delete" && gone === 0)) toastDone(parts.join(" "));
  if (failure !== null) toastError(failure);
}

/** Pauses, resumes and deletes checks; deletes can be undone for a while. */
export function useCheckActions(projectId: string): Actions {
  const router = useRouter();
  const acts = {
    pause: pauseCheck(projectId).mutationFn,
    resume: resumeCheck(projectId).mutationFn,
    delete: deleteCheck(projectId).mutationFn,
  };
  const run = useMutation({
    mutationFn: async ({ verb, ids }: { verb: Verb; ids: string[] }) => ({
      verb,
      outcome: await settle(ids, acts[verb]),
    }),
    onSuccess: ({ verb, outcome }) => {
      tell(verb, outcome);
      router.refresh();
    },
  });
  const hold = (checks: Named[]): void => {
    const [first] = checks;
    const ids = checks.map(({ id }) => id);
    deleteWithUndo({
      ids,
      done: `Deleted ${checks.length === 1 ? `“${first?.name}”` : inNumbers(checks.length)} with its history.`,
      run: async () => (await run.mutateAsync({ verb: "delete", ids })).outcome.left,
    });
  };
  return {
    pause: (checks: Named[]) => run.mutate({ verb: "pause", ids: checks.map(({ id }) => id) }),
    resume: (checks: Named[]) => run.mutate({ verb: "resume", ids: checks.map(({ id }) => id) }),
    remove: hold,
  };
}
