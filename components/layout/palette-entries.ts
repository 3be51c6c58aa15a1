"use client";

import { useDebouncedValue } from "@mantine/hooks";
import type { SpotlightActionData } from "@mantine/spotlight";
import { useQuery } from "@tanstack/react-query";
import { foundApprovals } from "@/lib/approvals/client";
import { foundChecks } from "@/lib/checks/client";
import { foundWorkflows } from "@/lib/workflows/client";

const TYPING_MS = 200;

/** What the typed text finds, as entries of the palette; `isLooking` while an answer is on its way. */
export function usePaletteEntries(projectId: string, typed: string, go: (path: string) => void) {
  const [q] = useDebouncedValue(typed.trim(), TYPING_MS);
  const checks = useQuery(foundChecks(projectId, q));
  const workflows = useQuery(foundWorkflows(projectId, q));
  const approvals = useQuery(foundApprovals(projectId, q));
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
    ...(approvals.data ?? []).map(({ approval_id: id, title }) => ({
      id: `approval ${id}`,
      label: title,
      description: "Approval",
      // What it was found by may stand below its title, or be who asked.
      keywords: typed,
      onClick: () => go(`/approvals/${id}`),
    })),
  ];
  return {
    entries,
    isLooking: [checks, workflows, approvals].some(({ isFetching }) => isFetching) || q !== typed.trim(),
  };
}
