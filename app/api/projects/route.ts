import { methods, route } from "@/lib/http/route";
import { createProject } from "@/lib/projects/commands";
import { listProjects } from "@/lib/projects/queries";
import { NewProject } from "@/lib/projects/schema";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route({
    scope: null,
    handler: async ({ caller }) => ({ projects: await listProjects(caller), next_cursor: null }),
  }),
  POST: route({
    scope: "admin",
    input: { body: NewProject },
    status: 201,
    handler: ({ caller, body }) => createProject(caller, body),
  }),
});
