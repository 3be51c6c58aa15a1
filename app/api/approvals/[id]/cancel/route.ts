import { cancelApproval } from "@/lib/approvals/commands";
import { ApprovalId } from "@/lib/approvals/schema";
import { methods, route } from "@/lib/http/route";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route({
    scope: "write",
    input: { params: ApprovalId },
    handler: ({ caller, params, device }) => cancelApproval(caller, { ...params, device: device() }),
  }),
});
