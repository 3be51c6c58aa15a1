import { getDelivery } from "@/lib/alerts/queries";
import { DeliveryId } from "@/lib/alerts/schema";
import { methods, route } from "@/lib/http/route";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route({
    scope: "read",
    input: { params: DeliveryId },
    handler: ({ caller, params }) => getDelivery(caller, params.id),
  }),
});
