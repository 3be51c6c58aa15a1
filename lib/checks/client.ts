import type { z } from "zod";
import type { FoundCheck } from "@/lib/checks/list/list";
import type { CheckSummary } from "@/lib/checks/list/summary";
import type { SchedulePreview } from "@/lib/checks/schedule/preview";
import { ApiError, api } from "@/lib/core/api";
import type { CheckInput, CheckObject, WritableLinks } from "./schema";
import type { TakenOver } from "./take-over";

type Writable = CheckObject & WritableLinks;

const BASE = "/api/v3/checks";

/** Mutations of checks for TanStack Query. They throw `ApiError`. */
export const createCheck = (projectId: string) => ({
  mutationFn: (input: z.input<typeof CheckInput>) =>
    api<Writable>(`${BASE}/`, { method: "POST", body: input, projectId }),
});

export const updateCheck = (projectId: string, id: string) => ({
  mutationFn: (input: z.input<typeof CheckInput>) =>
    api<Writable>(`${BASE}/${id}`, { method: "POST", body: input, projectId }),
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

/** Makes a check that is known by the address of another service. */
export const takeOverCheck = (projectId: string) => ({
  mutationFn: (input: { url: string; name: string }) =>
    api<TakenOver>("/api/checks/take-over", { method: "POST", body: input, projectId }),
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

/** `until` is ISO 8601; null ends the silence. */
export const muteCheck = (projectId: string, id: string) => ({
  mutationFn: (until: string | null) =>
    api<CheckSummary>(`/api/checks/${id}/mute`, { method: "POST", body: { until }, projectId }),
});

/** What a ping came with, as text whatever it is. */
export const pingBody = (projectId: string, ping: { checkId: string; n: number }) => ({
  queryKey: ["ping-body", ping.checkId, ping.n],
  queryFn: async (): Promise<string> => {
    const path = `${BASE}/${ping.checkId}/pings/${ping.n}/body`;
    const answer = await fetch(path, { headers: { "X-Project-Id": projectId } }).catch(() => null);
    if (answer?.status === 404) throw new ApiError(404, { detail: "It is not kept any more." });
    if (!answer?.ok) throw new ApiError(answer?.status ?? 0, { detail: "It could not be loaded. Try again." });
    return answer.text();
  },
  retry: false,
  // It never changes.
  staleTime: Number.POSITIVE_INFINITY,
});
