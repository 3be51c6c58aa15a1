"use client";

import { useDebouncedValue } from "@mantine/hooks";
import type { SpotlightActionData } from "@mantine/spotlight";
import { useQuery } from "@tanstack/react-query";
import { foundChecks } from "@/lib/checks/client";

const TYPING_MS = 200;

/** The checks that the typed text finds, as entries of the palette; `isLooking` while the answer is on its way. */
export function usePaletteChecks(projectId: string, typed: string, go: (path: string) => void) {
  const [q] = useDebouncedValue(typed.trim(), TYPING_MS);
  const { data = [], isFetching } = useQuery(foundChecks(projectId, q));
  const entries = data.map(
    ({ id, name, slug }): SpotlightActionData => ({
      id,
      label: name,
      description: "Check",
      keywords: slug,
      onClick: () => go(`/checks/${id}`),
    }),
  );
  return { entries, isLooking: isFetching || q !== typed.trim() };
}
