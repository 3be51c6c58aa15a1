import { methods, route } from "@/lib/http/route";
import { invite } from "@/lib/projects/invitation-commands";
import { listInvitations } from "@/lib/projects/invitation-queries";
import { NewInvitation, PageQuery, ProjectParams } from "@/lib/projects/schema";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route({
    scope: "admin",
    input: { params: ProjectParams, query: PageQuery },
    handler: async ({ caller, params, query }) => {
      const { items, nextCursor } = await listInvitations(caller, { projectId: params.id, ...query });
      return { invitations: items, next_cursor: nextCursor };
    },
  }),
  POST: route({
    scope: "admin",
    input: { params: ProjectParams, body: NewInvitation },
    status: 201,
    handler: ({ caller, params, body }) => invite(caller, params.id, body),
  }),
});
