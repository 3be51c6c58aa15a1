import { decideApproval } from "@/lib/approvals/commands";
import { ApprovalId, DecideApproval } from "@/lib/approvals/schema";
import { methods, route } from "@/lib/http/route";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route({
    scope: "approve",
    input: { params: ApprovalId, body: DecideApproval },
    handler: ({ caller, params, body, device }) => decideApproval(caller, { ...params, ...body, device: device() }),
  }),
});
