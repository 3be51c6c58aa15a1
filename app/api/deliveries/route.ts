import { listDeliveries } from "@/lib/alerts/queries";
import { ListDeliveries } from "@/lib/alerts/schema";
import { methods, route } from "@/lib/http/route";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route({
    scope: "read",
    input: { query: ListDeliveries },
    handler: async ({ caller, query }) => {
      const { items, nextCursor } = await listDeliveries(caller, query);
      return { deliveries: items, next_cursor: nextCursor };
    },
  }),
});
