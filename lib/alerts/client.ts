import { api } from "@/lib/core/api";
import type { Alert, DeliveryDetail } from "./schema";

/** Mutations of alerts for TanStack Query. They throw `ApiError`. */
export const acknowledgeAlert = (projectId: string, id: number) => ({
  mutationFn: () => api<Alert>(`/api/alerts/${id}/acknowledge`, { method: "POST", projectId }),
});

export const resolveAlert = (projectId: string, id: number) => ({
  mutationFn: () => api<Alert>(`/api/alerts/${id}/resolve`, { method: "POST", projectId }),
});

export const retryDelivery = (projectId: string, id: string) => ({
  mutationFn: () => api<DeliveryDetail>(`/api/deliveries/${id}/retry`, { method: "POST", projectId }),
});

/** A delivery with its message, as a query. */
export const deliveryDetail = (projectId: string, id: string) => ({
  queryKey: ["delivery", projectId, id],
  queryFn: () => api<DeliveryDetail>(`/api/deliveries/${id}`, { projectId }),
});
