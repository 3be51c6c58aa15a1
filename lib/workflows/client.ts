import type { z } from "zod";
import { api } from "@/lib/core/api";
import type { CreateWorkflow, InstanceDetail, UpdateWorkflow, Workflow } from "./schema";

const BASE = "/api/workflows";
const path = (id: string): string => `${BASE}/${encodeURIComponent(id)}`;

/** Mutations of workflows for TanStack Query. They throw `ApiError`. */
export const createWorkflow = (projectId: string) => ({
  mutationFn: (input: z.input<typeof CreateWorkflow>) =>
    api<Workflow>(BASE, { method: "POST", body: input, projectId }),
});

export const updateWorkflow = (projectId: string, id: string) => ({
  mutationFn: (input: z.input<typeof UpdateWorkflow>) =>
    api<Workflow>(path(id), { method: "PATCH", body: input, projectId }),
});

export const deleteWorkflow = (projectId: string) => ({
  // It may be asked for while the page is left.
  mutationFn: (id: string) => api(path(id), { method: "DELETE", projectId, keepalive: true }),
});

/** `until` is ISO 8601; null ends the silence. */
export const muteWorkflow = (projectId: string, id: string) => ({
  mutationFn: (until: string | null) =>
    api<Workflow>(`${path(id)}/mute`, { method: "POST", body: { until }, projectId }),
});

/** Ends an instance that is under way. */
export const terminateInstance = (projectId: string, id: string) => ({
  mutationFn: () => api<InstanceDetail>(`/api/instances/${id}/terminate`, { method: "POST", body: {}, projectId }),
});

const MAX_FOUND = 5;

/** The workflows whose name or id holds the text. */
export const foundWorkflows = (projectId: string, q: string) => ({
  queryKey: ["found-workflows", projectId, q],
  queryFn: async () => {
    const search = new URLSearchParams({ q, limit: String(MAX_FOUND) });
    return (await api<{ workflows: Workflow[] }>(`${BASE}?${search}`, { projectId })).workflows;
  },
  enabled: q !== "",
});
