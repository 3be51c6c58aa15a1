import { eventStream } from "@/lib/http/event-stream";
import { methods } from "@/lib/http/route";
import { followInstance } from "@/lib/workflows/instance/events";
import { StepsAfter } from "@/lib/workflows/instance/schema";
import { InstanceId } from "@/lib/workflows/schema";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: eventStream({
    scope: "read",
    input: { params: InstanceId, query: StepsAfter },
    handler: ({ caller, params, query, lastEventId }) =>
      followInstance(caller, { id: params.id, after: query.after, lastEventId }),
  }),
});
