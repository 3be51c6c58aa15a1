import { methods, route } from "@/lib/http/route";
import { updateProject } from "@/lib/projects/commands";
import { getProject } from "@/lib/projects/queries";
import { ProjectChange, ProjectParams } from "@/lib/projects/schema";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route({
    scope: null,
    input: { params: ProjectParams },
    handler: ({ caller, params }) => getProject(caller, params.id),
  }),
  PATCH: route({
    scope: "admin",
    input: { params: ProjectParams, body: ProjectChange },
    handler: ({ caller, params, body }) => updateProject(caller, params.id, body),
  }),
});
