import { getAlert } from "@/lib/alerts/queries";
import { AlertId } from "@/lib/alerts/schema";
import { methods, route } from "@/lib/http/route";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route({
    scope: "read",
    input: { params: AlertId },
    handler: ({ caller, params }) => getAlert(caller, params.id),
  }),
});
