import { methods, route } from "@/lib/http/route";
import { listHandoffs } from "@/lib/workflows/queries";
import { ListHandoffs, WorkflowId } from "@/lib/workflows/schema";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route({
    scope: "read",
    input: { params: WorkflowId, query: ListHandoffs },
    handler: async ({ caller, params, query }) => ({
      handoffs: await listHandoffs(caller, params.id, query),
      next_cursor: null,
    }),
  }),
});
