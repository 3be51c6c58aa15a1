import { previewBudget } from "@/lib/costs/preview";
import { UpdateBudget } from "@/lib/costs/schema";
import { methods, route } from "@/lib/http/route";
import { WorkflowId } from "@/lib/workflows/schema";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route({
    scope: "read",
    input: { params: WorkflowId, body: UpdateBudget },
    handler: ({ caller, params, body }) => previewBudget(caller, params.id, { change: body }),
  }),
});
