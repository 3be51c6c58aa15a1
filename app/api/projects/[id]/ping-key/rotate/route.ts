import { methods, route } from "@/lib/http/route";
import { rotatePingKey } from "@/lib/projects/commands";
import { ProjectParams } from "@/lib/projects/schema";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route({
    scope: "admin",
    input: { params: ProjectParams },
    creates: true,
    handler: ({ caller, params }) => rotatePingKey(caller, params.id),
  }),
});
