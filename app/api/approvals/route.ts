import { toCreated } from "@/lib/approvals/link";
import { listApprovals } from "@/lib/approvals/queries";
import { requestApproval } from "@/lib/approvals/request";
import { CreateApproval, ListApprovals } from "@/lib/approvals/schema";
import { methods, route } from "@/lib/http/route";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route({
    scope: "read",
    input: { query: ListApprovals },
    handler: async ({ caller, query }) => {
      const { items, nextCursor } = await listApprovals(caller, query);
      return { approvals: items, next_cursor: nextCursor };
    },
  }),
  POST: route({
    scope: "write",
    input: { body: CreateApproval },
    status: 201,
    handler: async ({ caller, body }) => toCreated(await requestApproval(caller, body), caller.projectId),
  }),
});
