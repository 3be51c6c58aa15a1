import { listCostAlerts } from "@/lib/costs/queries";
import { CostAlertsQuery } from "@/lib/costs/view-schema";
import { methods, route } from "@/lib/http/route";
import { WorkflowId } from "@/lib/workflows/schema";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route({
    scope: "read",
    input: { params: WorkflowId, query: CostAlertsQuery },
    handler: async ({ caller, params, query }) => {
      const { items, nextCursor } = await listCostAlerts(caller, params.id, query);
      return { alerts: items, next_cursor: nextCursor };
    },
  }),
});
