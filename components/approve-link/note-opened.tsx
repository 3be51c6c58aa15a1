"use client";

import { useMutation } from "@tanstack/react-query";
import { useEffect } from "react";
import { noteOpened } from "@/lib/approvals/mailed/client";

/** Tells once that the page ran its scripts: scanners that do so can be seen in the audit trail. Shows nothing. */
export function NoteOpened({ token }: { token: string }) {
  const { mutate } = useMutation(noteOpened(token));
  useEffect(() => mutate(), [mutate]);
  return null;
}
