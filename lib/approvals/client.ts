import { api } from "@/lib/core/api";
import type { Approval, DecideApproval } from "./schema";

const one = (id: string): string => `/api/approvals/${id}`;

/** Mutations of approvals for TanStack Query. They throw `ApiError`. */
export const decideApproval = (projectId: string, id: string) => ({
  mutationFn: (body: DecideApproval) => api<Approval>(`${one(id)}/decision`, { method: "POST", body, projectId }),
});

export const cancelApproval = (projectId: string, id: string) => ({
  mutationFn: () => api<Approval>(`${one(id)}/cancel`, { method: "POST", projectId }),
});

/** Notes in the audit trail that the viewer has seen it. */
export const noteView = (projectId: string, id: string) => ({
  mutationFn: () => api(`${one(id)}/view`, { method: "POST", projectId, keepalive: true }),
});
