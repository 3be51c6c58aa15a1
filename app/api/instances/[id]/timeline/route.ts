import { methods, route } from "@/lib/http/route";
import { getTimeline } from "@/lib/replay/queries";
import { TimelineQuery } from "@/lib/replay/schema";
import { InstanceId } from "@/lib/workflows/schema";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route({
    scope: "read",
    input: { params: InstanceId, query: TimelineQuery },
    handler: ({ caller, params, query }) => getTimeline(caller, params.id, query),
  }),
});
