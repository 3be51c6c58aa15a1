import { methods, route } from "@/lib/http/route";
import { getLineage } from "@/lib/replay/lineage";
import { InstanceId } from "@/lib/workflows/schema";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route({
    scope: "read",
    input: { params: InstanceId },
    handler: ({ caller, params }) => getLineage(caller, params.id),
  }),
});
