import { listAlerts } from "@/lib/alerts/queries";
import { ListAlerts } from "@/lib/alerts/schema";
import { methods, route } from "@/lib/http/route";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route({
    scope: "read",
    input: { query: ListAlerts },
    handler: async ({ caller, query }) => {
      const { items, nextCursor } = await listAlerts(caller, query);
      return { alerts: items, next_cursor: nextCursor };
    },
  }),
});
