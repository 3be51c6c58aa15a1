import { methods, route } from "@/lib/http/route";
import { getAmounts } from "@/lib/replay/page/amount-queries";
import { StepsAfter } from "@/lib/workflows/instance/schema";
import { InstanceId } from "@/lib/workflows/schema";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route({
    scope: "read",
    input: { params: InstanceId, query: StepsAfter },
    handler: ({ caller, params, query }) => getAmounts(caller, params.id, query),
  }),
});
