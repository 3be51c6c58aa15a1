import { api } from "@/lib/core/api";
import type { FoundCheck } from "./list";
import type { SchedulePreview } from "./preview";
import type { CheckInput, CheckObject, WritableLinks } from "./schema";

type Writable = CheckObject & WritableLinks;

const BASE = "/api/v3/checks";

/** Mutations of checks for TanStack Query. They throw `ApiError`. */
export const createCheck = (projectId: string) => ({
  mutationFn: (input: CheckInput) => api<Writable>(`${BASE}/`, { method: "POST", body: input, projectId }),
});

export const updateCheck = (projectId: string, id: string) => ({
  mutationFn: (input: CheckInput) => api<Writable>(`${BASE}/${id}`, { method: "POST", body: input, projectId }),
});

export const pauseCheck = (projectId: string) => ({
  mutationFn: (id: string) => api<Writable>(`${BASE}/${id}/pause`, { method: "POST", projectId }),
});

export const resumeCheck = (projectId: string) => ({
  mutationFn: (id: string) => api<Writable>(`${BASE}/${id}/resume`, { method: "POST", projectId }),
});

export const deleteCheck = (projectId: string) => ({
  // It may be asked for while the page is left.
  mutationFn: (id: string) => api(`${BASE}/${id}`, { method: "DELETE", projectId, keepalive: true }),
});

/** Queries of checks for TanStack Query. */
export const foundChecks = (projectId: string, q: string) => ({
  queryKey: ["found-checks", projectId, q],
  queryFn: async () => {
    const path = `/api/checks/search?${new URLSearchParams({ q })}`;
    return (await api<{ checks: FoundCheck[] }>(path, { projectId })).checks;
  },
  enabled: q !== "",
});

export const schedulePreview = (projectId: string, asked: { schedule: string; tz: string }) => ({
  queryKey: ["schedule-preview", projectId, asked],
  queryFn: () => api<SchedulePreview>(`/api/schedule-preview?${new URLSearchParams(asked)}`, { projectId }),
  enabled: asked.schedule !== "",
  retry: false,
  staleTime: 60_000,
});
