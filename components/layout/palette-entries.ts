"use client";

import { useDebouncedValue } from "@mantine/hooks";
import type { SpotlightActionData } from "@mantine/spotlight";
import { useQuery } from "@tanstack/react-query";
import { foundChecks } from "@/lib/checks/client";
import { foundWorkflows } from "@/lib/workflows/client";

const TYPING_MS = 200;

/** What the typed text finds, as entries of the palette; `isLooking` while an answer is on its way. */
export function usePaletteEntries(projectId: string, typed: string, go: (path: string) => void) {
  const [q] = useDebouncedValue(typed.trim(), TYPING_MS);
  const checks = useQuery(foundChecks(projectId, q));
  const workflows = useQuery(foundWorkflows(projectId, q));
  const entries: SpotlightActionData[] = [
    ...(checks.data ?? []).map(({ id, name, slug }) => ({
      id,
      label: name,
      description: "Check",
      keywords: slug,
      onClick: () => go(`/checks/${id}`),
    })),
    ...(workflows.data ?? []).map(({ id, name }) => ({
      id: `workflow ${id}`,
      label: name,
      description: "Workflow",
      keywords: id,
      onClick: () => go(`/workflows/${id}`),
    })),
  ];
  return { entries, isLooking: checks.isFetching || workflows.isFetching || q !== typed.trim() };
}
