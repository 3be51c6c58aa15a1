import { methods, route } from "@/lib/http/route";
import { deleteProject, updateProject } from "@/lib/projects/commands";
import { getProject } from "@/lib/projects/queries";
import { Deletion, ProjectChange, ProjectParams } from "@/lib/projects/schema";

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
  DELETE: route({
    scope: "admin",
    input: { params: ProjectParams, body: Deletion },
    status: 204,
    handler: ({ caller, params, body }) => deleteProject(caller, params.id, body),
  }),
});
