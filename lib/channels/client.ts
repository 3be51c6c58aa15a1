import type { DeliveryDetail } from "@/lib/alerts/schema";
import { api } from "@/lib/core/api";
import type { Channel } from "./schema";

const BASE = "/api/channels";

type Wanted = { kind: string; name: string; config: Record<string, unknown>; events: string[] };
type Change = Partial<Omit<Wanted, "kind">> & { enabled?: boolean };

/** Mutations of channels for TanStack Query. They throw `ApiError`. */
export const createChannel = (projectId: string) => ({
  mutationFn: (input: Wanted) => api<Channel>(BASE, { method: "POST", body: input, projectId }),
});

export const updateChannel = (projectId: string, id: string) => ({
  mutationFn: (change: Change) => api<Channel>(`${BASE}/${id}`, { method: "PATCH", body: change, projectId }),
});

export const deleteChannel = (projectId: string, id: string) => ({
  // It may be asked for while the page is left.
  mutationFn: () => api(`${BASE}/${id}`, { method: "DELETE", projectId, keepalive: true }),
});

/** Resolves to the delivery of the test, with the receiver's answer. */
export const testChannel = (projectId: string, id: string) => ({
  mutationFn: () => api<DeliveryDetail>(`${BASE}/${id}/test`, { method: "POST", projectId }),
});
