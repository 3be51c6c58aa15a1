import { methods, route } from "@/lib/http/route";
import { createKey } from "@/lib/projects/key-commands";
import { listKeys } from "@/lib/projects/queries";
import { NewKey, PageQuery, ProjectParams } from "@/lib/projects/schema";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route({
    scope: "admin",
    input: { params: ProjectParams, query: PageQuery },
    handler: async ({ caller, params, query }) => {
      const { items, nextCursor } = await listKeys(caller, { projectId: params.id, ...query });
      return { keys: items, next_cursor: nextCursor };
    },
  }),
  POST: route({
    scope: "admin",
    input: { params: ProjectParams, body: NewKey },
    status: 201,
    handler: ({ caller, params, body }) => createKey(caller, params.id, body),
  }),
});
