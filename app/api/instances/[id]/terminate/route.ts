import { methods, route } from "@/lib/http/route";
import { InstanceId, TerminateInstance } from "@/lib/workflows/schema";
import { terminateInstance } from "@/lib/workflows/terminate";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route({
    scope: "write",
    input: { params: InstanceId, body: TerminateInstance },
    handler: ({ caller, params, body }) => terminateInstance(caller, params.id, body.reason ?? null),
  }),
});
