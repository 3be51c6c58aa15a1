import { ApiError, api } from "@/lib/core/api";
import { fromColumns } from "./columns";
import type { LiveInstance } from "./live-instance";
import type { StepDetail, StepsPage } from "./schema";

type Named = { projectId: string; id: string };

/** Everything that is kept of a step, for TanStack Query. */
export const stepDetail = ({ projectId, id }: Named, step: number) => ({
  queryKey: ["step", projectId, id, step],
  queryFn: () => api<StepDetail>(`/api/instances/${id}/steps/${step}`, { projectId }),
  retry: (failures: number, error: Error) => failures < 3 && !(error instanceof ApiError && error.status === 404),
  // It never changes.
  staleTime: Number.POSITIVE_INFINITY,
});

/** Brings an instance up to date, for TanStack Query; gives how many steps it has then. */
export const catchUp = ({ projectId, id }: Named, instance: LiveInstance) => ({
  queryKey: ["instance-steps", projectId, id],
  // What it fetches is kept elsewhere, anew for each visit of the page.
  gcTime: 0,
  queryFn: async (): Promise<number> => {
    for (;;) {
      const after = instance.seen().track.rows.length - 1;
      const { steps, instance: now } = await api<StepsPage>(`/api/instances/${id}/steps?after=${after}`, { projectId });
      instance.append(steps.first, fromColumns(steps));
      instance.update(now);
      const isDone = steps.path.length === 0 || !instance.lacksSteps;
      if (isDone) return instance.seen().track.rows.length;
    }
  },
});

/** Where the events of an instance come from that follow on step number `after`. */
export const eventsUrl = ({ projectId, id }: Named, after: number): string =>
  `/api/instances/${id}/events?${new URLSearchParams({ project: projectId, after: String(after) })}`;
