import { ReservationPlace } from "@/lib/costs/reservation-schema";
import { giveBack } from "@/lib/costs/reserve";
import { methods, route } from "@/lib/http/route";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  DELETE: route({
    scope: "ping",
    input: { params: ReservationPlace },
    status: 204,
    handler: ({ caller, params }) => giveBack(caller, params.id, params.reservation),
  }),
});
