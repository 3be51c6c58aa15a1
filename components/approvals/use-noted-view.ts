"use client";

import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { noteView } from "@/lib/approvals/client";

/** Lets the audit trail say that somebody has looked at an approval: once for each that is shown, null for none. */
export function useNotedView(projectId: string, id: string | null): void {
  const noted = useRef(new Set<string>());
  const { mutate } = useMutation({
    mutationFn: (shown: string) => noteView(projectId, shown).mutationFn(),
  });
  useEffect(() => {
    if (id === null || noted.current.has(id)) return;
    noted.current.add(id);
    mutate(id);
  }, [id, mutate]);
}
