import { methods, route } from "@/lib/http/route";
import { ListSessions } from "@/lib/replay/schema";
import { listSessions } from "@/lib/replay/sessions";
import { InstanceId } from "@/lib/workflows/schema";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route({
    scope: "read",
    input: { params: InstanceId, query: ListSessions },
    handler: async ({ caller, params, query }) => {
      const { items, nextCursor } = await listSessions(caller, params.id, query);
      return { sessions: items, next_cursor: nextCursor };
    },
  }),
});
