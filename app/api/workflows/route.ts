import { methods, route } from "@/lib/http/route";
import { createWorkflow } from "@/lib/workflows/commands";
import { listWorkflows } from "@/lib/workflows/queries";
import { CreateWorkflow, ListWorkflows } from "@/lib/workflows/schema";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route({
    scope: "read",
    input: { query: ListWorkflows },
    handler: async ({ caller, query }) => {
      const { items, nextCursor } = await listWorkflows(caller, query);
      return { workflows: items, next_cursor: nextCursor };
    },
  }),
  POST: route({
    scope: "write",
    input: { body: CreateWorkflow },
    status: 201,
    handler: ({ caller, body }) => createWorkflow(caller, body),
  }),
});
