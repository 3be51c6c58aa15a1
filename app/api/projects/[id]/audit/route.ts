import { methods, route } from "@/lib/http/route";
import { listAudit } from "@/lib/projects/member-queries";
import { PageQuery, ProjectParams } from "@/lib/projects/schema";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route({
    scope: "admin",
    input: { params: ProjectParams, query: PageQuery },
    handler: async ({ caller, params, query }) => {
      const { items, nextCursor } = await listAudit(caller, { projectId: params.id, ...query });
      return { entries: items, next_cursor: nextCursor };
    },
  }),
});
