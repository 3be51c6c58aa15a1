import { api } from "@/lib/core/api";
import type { Approval, ApprovalRow, DecideApproval } from "./schema";

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

const MAX_FOUND = 5;

/** The approvals whose text or people hold the text, newest first. */
export const foundApprovals = (projectId: string, q: string) => ({
  queryKey: ["found-approvals", projectId, q],
  queryFn: async () => {
    const search = new URLSearchParams({ q, limit: String(MAX_FOUND) });
    return (await api<{ approvals: ApprovalRow[] }>(`/api/approvals?${search}`, { projectId })).approvals;
  },
  enabled: q !== "",
});
