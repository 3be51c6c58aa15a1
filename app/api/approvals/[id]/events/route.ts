import { listTrail } from "@/lib/approvals/queries";
import { ApprovalId } from "@/lib/approvals/schema";
import { methods, route } from "@/lib/http/route";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route({
    scope: "read",
    input: { params: ApprovalId },
    handler: async ({ caller, params }) => ({ events: await listTrail(caller, params.id), next_cursor: null }),
  }),
});
