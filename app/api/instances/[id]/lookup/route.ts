import { methods, route } from "@/lib/http/route";
import { lookUpStage } from "@/lib/replay/lookup";
import { Lookup } from "@/lib/replay/schema";
import { InstanceId } from "@/lib/workflows/schema";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route({
    scope: "read",
    input: { params: InstanceId, body: Lookup },
    handler: ({ caller, params, body }) => lookUpStage(caller, params.id, body),
  }),
});
