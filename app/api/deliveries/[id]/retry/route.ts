import { retryDelivery } from "@/lib/alerts/commands";
import { DeliveryId } from "@/lib/alerts/schema";
import { methods, route } from "@/lib/http/route";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route({
    scope: "write",
    input: { params: DeliveryId },
    handler: ({ caller, params }) => retryDelivery(caller, params.id),
  }),
});
