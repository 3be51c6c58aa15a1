import { resumeInstance } from "@/lib/costs/commands";
import { methods, route } from "@/lib/http/route";
import { InstanceId } from "@/lib/workflows/schema";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route({
    scope: "write",
    input: { params: InstanceId },
    handler: ({ caller, params }) => resumeInstance(caller, params.id),
  }),
});
