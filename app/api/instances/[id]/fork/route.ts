import { methods, route } from "@/lib/http/route";
import { forkInstance } from "@/lib/replay/fork";
import { ForkInstance } from "@/lib/replay/schema";
import { InstanceId } from "@/lib/workflows/schema";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route({
    scope: "write",
    input: { params: InstanceId, body: ForkInstance },
    status: 201,
    handler: ({ caller, params, body }) => forkInstance(caller, params.id, body),
  }),
});
