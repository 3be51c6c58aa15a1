import { ApiError, api } from "@/lib/core/api";
import type { BudgetPreview } from "@/lib/costs/preview-schema";
import type { BudgetView, UpdateBudget } from "@/lib/costs/schema";
import type { CostAlert, ExpectedView } from "@/lib/costs/view-schema";

const workflow = (id: string): string => `/api/workflows/${encodeURIComponent(id)}`;
const instance = (id: string): string => `/api/instances/${id}`;

/** Mutations of costs for TanStack Query. They throw `ApiError`. */
export const updateBudget = (projectId: string, workflowId: string) => ({
  mutationFn: (body: UpdateBudget) =>
    api<BudgetView>(`${workflow(workflowId)}/budget`, { method: "PUT", body, projectId }),
});

export const resumeInstance = (projectId: string, id: string) => ({
  mutationFn: () => api(`${instance(id)}/resume`, { method: "POST", body: {}, projectId }),
});

/** The same one after the other. One that goes on already, or is over, is no failure of the others. */
export const resumeInstances = (projectId: string, ids: readonly string[]) => ({
  mutationFn: async (): Promise<void> => {
    for (const id of ids)
      await resumeInstance(projectId, id)
        .mutationFn()
        .catch((error: unknown) => {
          if (!(error instanceof ApiError && error.code === "not_paused")) throw error;
        });
  },
});

export const setExpected = (projectId: string, id: string) => ({
  mutationFn: (expected: boolean) =>
    api<ExpectedView>(`${instance(id)}/expected`, { method: "PUT", body: { expected }, projectId }),
});

export const resolveCostAlert = (projectId: string, id: number) => ({
  mutationFn: () => api<CostAlert>(`/api/cost-alerts/${id}/resolve`, { method: "POST", body: {}, projectId }),
});

/** Says that what an instance cost was expected, and that the alert about it is over. */
export const expectAlert = (projectId: string, alert: { id: number; instanceId: string }) => ({
  mutationFn: async () => {
    await setExpected(projectId, alert.instanceId).mutationFn(true);
    return resolveCostAlert(projectId, alert.id).mutationFn();
  },
});

/** What a budget would have done in the past, as a query. */
export const budgetPreview = (projectId: string, workflowId: string, budget: BudgetView) => ({
  queryKey: ["budget-preview", projectId, workflowId, budget],
  queryFn: () =>
    api<BudgetPreview>(`${workflow(workflowId)}/budget/preview`, { method: "POST", body: budget, projectId }),
  retry: false,
});
