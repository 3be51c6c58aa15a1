import { z } from "zod";
import { exportCosts } from "@/lib/costs/overview/export-queries";
import { OverviewQuery } from "@/lib/costs/overview/schema";
import { download } from "@/lib/http/download";
import { methods } from "@/lib/http/route";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: download({
    scope: "read",
    input: { params: z.object({}), query: OverviewQuery },
    handler: ({ caller, query }) => exportCosts(caller, query),
  }),
});
