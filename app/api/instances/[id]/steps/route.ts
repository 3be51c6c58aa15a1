import { methods, route } from "@/lib/http/route";
import { getSteps } from "@/lib/workflows/instance/instance-queries";
import { StepsAfter } from "@/lib/workflows/instance/schema";
import { InstanceId } from "@/lib/workflows/schema";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route({
    scope: "read",
    input: { params: InstanceId, query: StepsAfter },
    handler: ({ caller, params, query }) => getSteps(caller, params.id, query),
  }),
});
