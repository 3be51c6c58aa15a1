import { ApprovalId, WaitQuery } from "@/lib/approvals/schema";
import { waitForApproval } from "@/lib/approvals/wait";
import { methods, route } from "@/lib/http/route";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route({
    scope: "read",
    input: { params: ApprovalId, query: WaitQuery },
    handler: ({ caller, params, query, signal }) =>
      waitForApproval(caller, { id: params.id, seconds: query.wait, signal }),
  }),
});
