import { getCostSummary } from "@/lib/costs/queries";
import { CostPeriod } from "@/lib/costs/view-schema";
import { methods, route } from "@/lib/http/route";
import { WorkflowId } from "@/lib/workflows/schema";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route({
    scope: "read",
    input: { params: WorkflowId, query: CostPeriod },
    handler: ({ caller, params, query }) => getCostSummary(caller, params.id, query),
  }),
});
