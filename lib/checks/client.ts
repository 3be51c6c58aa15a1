import { api } from "@/lib/core/api";
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
  mutationFn: (id: string) => api(`${BASE}/${id}`, { method: "DELETE", projectId }),
});
