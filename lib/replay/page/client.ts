import { api } from "@/lib/core/api";
import type { AmountColumns } from "./amounts";

type Named = { projectId: string; id: string };

/** What the steps after number `after` cost and used, for TanStack Query. */
export const amountsAfter = ({ projectId, id }: Named, after: number) => ({
  queryKey: ["instance-amounts", projectId, id, after],
  queryFn: () => api<AmountColumns>(`/api/instances/${id}/amounts?after=${after}`, { projectId }),
  // What it fetches is kept elsewhere.
  gcTime: 0,
});
