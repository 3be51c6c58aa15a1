import { methods, route } from "@/lib/http/route";
import { listInstances } from "@/lib/workflows/queries";
import { ListInstances, WorkflowId } from "@/lib/workflows/schema";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route({
    scope: "read",
    input: { params: WorkflowId, query: ListInstances },
    handler: ({ caller, params, query }) => listInstances(caller, params.id, query),
  }),
});
