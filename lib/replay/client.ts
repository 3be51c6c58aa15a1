import { api } from "@/lib/core/api";
import { fromColumns } from "@/lib/workflows/instance/columns";
import type { StepsPage } from "@/lib/workflows/instance/schema";
import { type Span, spansOf } from "./forking/plan";
import type { Forked, Rerun } from "./schema";

type Named = { projectId: string; id: string };
type Changes = { payload_modifications: Record<string, object>; reason?: string };

/** Mutations of replay for TanStack Query. They throw `ApiError`. */
export const forkInstance = ({ projectId, id }: Named) => ({
  mutationFn: (body: Changes & { fork_from_stage: string }) =>
    api<Forked>(`/api/instances/${id}/fork`, { method: "POST", body, projectId }),
});

export const rerunInstance = ({ projectId, id }: Named) => ({
  mutationFn: (body: Changes) => api<Rerun>(`/api/instances/${id}/rerun`, { method: "POST", body, projectId }),
});

/** Looks whether the project has an instance of this id. */
export const findInstance = (projectId: string) => ({
  mutationFn: (id: string) => api<{ id: string }>(`/api/instances/${id}`, { projectId }),
});

/** The stages of an instance and when they came, for TanStack Query; as it was when first asked. */
export const stageSpans = ({ projectId, id }: Named) => ({
  queryKey: ["stage-spans", projectId, id],
  queryFn: async (): Promise<Map<string, Span>> => {
    const paths: string[] = [];
    for (;;) {
      const url = `/api/instances/${id}/steps?after=${paths.length - 1}`;
      const { steps } = await api<StepsPage>(url, { projectId });
      if (steps.path.length === 0) return spansOf(paths);
      for (const { path } of fromColumns(steps)) paths.push(path);
    }
  },
  gcTime: 0,
});
