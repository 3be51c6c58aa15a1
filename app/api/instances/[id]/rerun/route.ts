import { methods, route } from "@/lib/http/route";
import { rerunInstance } from "@/lib/replay/fork";
import { RerunInstance } from "@/lib/replay/schema";
import { InstanceId } from "@/lib/workflows/schema";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route({
    scope: "write",
    input: { params: InstanceId, body: RerunInstance },
    status: 201,
    handler: ({ caller, params, body }) => rerunInstance(caller, params.id, body),
  }),
});
