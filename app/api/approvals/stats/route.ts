import { StatsQuery } from "@/lib/approvals/schema";
import { getApprovalStats } from "@/lib/approvals/stats";
import { methods, route } from "@/lib/http/route";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route({
    scope: "read",
    input: { query: StatsQuery },
    handler: ({ caller, query }) => getApprovalStats(caller, query),
  }),
});
