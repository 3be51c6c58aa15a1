"use client";

import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { toastDone, toastError } from "./toast";

type Change<In, Out> = {
  mutationFn: (input: In) => Promise<Out>;
  /** What is said when it went well. */
  done?: string;
  onSuccess?: (out: Out) => void;
  /** Takes a failure that belongs beside a field; true when it did. */
  onField?: (error: Error) => boolean;
};

/** A change of what the page shows: says how it went and shows the page anew, also when another tab was faster. */
export function useChange<In, Out>({ mutationFn, done, onSuccess, onField }: Change<In, Out>) {
  const router = useRouter();
  return useMutation({
    mutationFn,
    onSuccess: (out: Out) => {
      if (done !== undefined) toastDone(done);
      onSuccess?.(out);
      router.refresh();
    },
    onError: (error) => {
      if (onField?.(error) === true) return;
      toastError(error);
      router.refresh();
    },
  });
}
