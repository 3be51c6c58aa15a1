import { MuteCheck } from "@/lib/checks/schema";
import { methods, route } from "@/lib/http/route";
import { muteWorkflow } from "@/lib/workflows/commands";
import { WorkflowId } from "@/lib/workflows/schema";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route({
    scope: "write",
    input: { params: WorkflowId, body: MuteCheck },
    handler: ({ caller, params, body }) => muteWorkflow(caller, params.id, body.until),
  }),
});
