import { api } from "@/lib/core/api";
import type { OwnPrice, PriceSet, PricesView, Repriced } from "./price-schema";

const PRICES = "/api/costs/prices";

/** Changes of own prices, for TanStack Query. They throw `ApiError`. */
export const setOwnPrice = (projectId: string) => ({
  mutationFn: (body: OwnPrice) => api<PriceSet>(PRICES, { method: "PUT", body, projectId }),
});

export const removeOwnPrice = (projectId: string, model: string) => ({
  mutationFn: () => api<PricesView>(`${PRICES}?model=${encodeURIComponent(model)}`, { method: "DELETE", projectId }),
});

/** Prices further steps whose price has become known. */
export const repriceSteps = (projectId: string): Promise<Repriced> =>
  api<Repriced>("/api/costs/reprice", { method: "POST", body: {}, projectId });
