"use client";

import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { ApiError } from "@/lib/core/api";
import { toastDone, toastError } from "./toast";

type Change<In, Out> = {
  mutationFn: (input: In) => Promise<Out>;
  /** What is said when it went well. */
  done?: string;
  onSuccess?: (out: Out) => void;
  /** Takes a failure that belongs beside a field; true when it did. The others then belong beside the button. */
  onField?: (error: Error) => boolean;
};

/** A change of what the page shows: says how it went and shows the page anew, also when another tab was faster. */
export function useChange<In, Out>({ mutationFn, done, onSuccess, onField }: Change<In, Out>) {
  const router = useRouter();
  /** What went wrong with a form and is about none of its fields. */
  const [problem, setProblem] = useState<Error | null>(null);
  const mutation = useMutation({
    mutationFn,
    onMutate: () => setProblem(null),
    onSuccess: (out: Out) => {
      if (done !== undefined) toastDone(done);
      onSuccess?.(out);
      router.refresh();
    },
    onError: (error) => {
      if (onField?.(error) === true) return;
      if (onField === undefined) toastError(error);
      else setProblem(error);
      // A refresh that fails would throw the page away, and with it what was typed.
      if (!(error instanceof ApiError && error.status === 0)) router.refresh();
    },
  });
  return { ...mutation, problem };
}
