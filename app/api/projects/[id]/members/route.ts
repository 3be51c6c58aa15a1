import { methods, route } from "@/lib/http/route";
import { listMembers } from "@/lib/projects/member-queries";
import { PageQuery, ProjectParams } from "@/lib/projects/schema";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route({
    scope: null,
    input: { params: ProjectParams, query: PageQuery },
    handler: async ({ caller, params, query }) => {
      const { items, nextCursor } = await listMembers(caller, { projectId: params.id, ...query });
      return { members: items, next_cursor: nextCursor };
    },
  }),
});
