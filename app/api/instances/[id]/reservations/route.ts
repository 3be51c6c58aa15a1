import { listReservations } from "@/lib/costs/reservation-queries";
import { ListReservations } from "@/lib/costs/reservation-schema";
import { methods, route } from "@/lib/http/route";
import { InstanceId } from "@/lib/workflows/schema";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route({
    scope: "read",
    input: { params: InstanceId, query: ListReservations },
    handler: async ({ caller, params, query }) => {
      const { items, nextCursor } = await listReservations(caller, params.id, query);
      return { reservations: items, next_cursor: nextCursor };
    },
  }),
});
