import { claimApproval } from "@/lib/approvals/commands";
import { ApprovalId, ClaimApproval } from "@/lib/approvals/schema";
import { methods, route } from "@/lib/http/route";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route({
    scope: "write",
    input: { params: ApprovalId, body: ClaimApproval },
    handler: ({ caller, params, body, device }) =>
      claimApproval(caller, { ...params, digest: body.action_digest ?? null, device: device() }),
  }),
});
