import { getCostBreakdown } from "@/lib/costs/queries";
import { BreakdownQuery } from "@/lib/costs/view-schema";
import { methods, route } from "@/lib/http/route";
import { InstanceId } from "@/lib/workflows/schema";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route({
    scope: "read",
    input: { params: InstanceId, query: BreakdownQuery },
    handler: ({ caller, params, query }) => getCostBreakdown(caller, params.id, query),
  }),
});
