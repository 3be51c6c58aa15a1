import { viewApproval } from "@/lib/approvals/commands";
import { ApprovalId } from "@/lib/approvals/schema";
import { methods, route } from "@/lib/http/route";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route({
    scope: "read",
    input: { params: ApprovalId },
    status: 204,
    handler: ({ caller, params, device }) => viewApproval(caller, { ...params, device: device() }),
  }),
});
