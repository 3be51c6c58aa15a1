import { getMetrics } from "@/lib/checks/metrics/metric-queries";
import { MetricQuery } from "@/lib/checks/metrics/schema";
import { CheckId } from "@/lib/checks/schema";
import { methods, route } from "@/lib/http/route";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route({
    scope: "read",
    input: { params: CheckId, query: MetricQuery },
    handler: ({ caller, params, query }) => getMetrics(caller, { checkId: params.id, ...query }),
  }),
});
