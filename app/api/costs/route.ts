import { getCostOverview } from "@/lib/costs/overview/queries";
import { OverviewQuery } from "@/lib/costs/overview/schema";
import { methods, route } from "@/lib/http/route";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route({
    scope: "read",
    input: { query: OverviewQuery },
    handler: ({ caller, query }) => getCostOverview(caller, query),
  }),
});
