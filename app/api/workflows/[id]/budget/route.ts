import { updateBudget } from "@/lib/costs/commands";
import { getBudget } from "@/lib/costs/queries";
import { UpdateBudget } from "@/lib/costs/schema";
import { methods, route } from "@/lib/http/route";
import { WorkflowId } from "@/lib/workflows/schema";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route({
    scope: "read",
    input: { params: WorkflowId },
    handler: ({ caller, params }) => getBudget(caller, params.id),
  }),
  PUT: route({
    scope: "write",
    input: { params: WorkflowId, body: UpdateBudget },
    handler: ({ caller, params, body }) => updateBudget(caller, params.id, body),
  }),
});
