import { methods, route } from "@/lib/http/route";
import { deleteWorkflow, updateWorkflow } from "@/lib/workflows/commands";
import { getWorkflow } from "@/lib/workflows/queries";
import { UpdateWorkflow, WorkflowId } from "@/lib/workflows/schema";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route({
    scope: "read",
    input: { params: WorkflowId },
    handler: ({ caller, params }) => getWorkflow(caller, params.id),
  }),
  PATCH: route({
    scope: "write",
    input: { params: WorkflowId, body: UpdateWorkflow },
    handler: ({ caller, params, body }) => updateWorkflow(caller, params.id, body),
  }),
  DELETE: route({
    scope: "write",
    input: { params: WorkflowId },
    status: 204,
    handler: ({ caller, params }) => deleteWorkflow(caller, params.id),
  }),
});
