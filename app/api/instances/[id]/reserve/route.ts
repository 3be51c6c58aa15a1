import { Reserve } from "@/lib/costs/reservation-schema";
import { reserve } from "@/lib/costs/reserve";
import { methods, route } from "@/lib/http/route";
import { InstanceId } from "@/lib/workflows/schema";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route({
    scope: "ping",
    input: { params: InstanceId, body: Reserve },
    status: 201,
    handler: ({ caller, params, body }) => reserve(caller, params.id, body),
  }),
});
