import { methods, route } from "@/lib/http/route";
import { createProject } from "@/lib/projects/commands";
import { listProjects } from "@/lib/projects/queries";
import { NewProject, PageQuery } from "@/lib/projects/schema";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route({
    scope: null,
    input: { query: PageQuery },
    handler: async ({ caller, query }) => {
      const { items, nextCursor } = await listProjects(caller, query);
      return { projects: items, next_cursor: nextCursor };
    },
  }),
  POST: route({
    // Anybody who is signed in may make one of their own; the command asks keys for the scope.
    scope: null,
    input: { body: NewProject },
    status: 201,
    handler: ({ caller, body }) => createProject(caller, body),
  }),
});
