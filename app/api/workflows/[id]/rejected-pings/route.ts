import { z } from "zod";
import { pageQuery } from "@/lib/core/page-query";
import { methods, route } from "@/lib/http/route";
import { listRejected } from "@/lib/workflows/queries";
import { WorkflowId } from "@/lib/workflows/schema";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route({
    scope: "read",
    input: { params: WorkflowId, query: z.object(pageQuery) },
    handler: async ({ caller, params, query }) => {
      const { items, nextCursor } = await listRejected(caller, params.id, query);
      return { rejected_pings: items, next_cursor: nextCursor };
    },
  }),
});
