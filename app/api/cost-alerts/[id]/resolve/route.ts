import { AlertId } from "@/lib/alerts/schema";
import { resolveCostAlert } from "@/lib/costs/commands";
import { methods, route } from "@/lib/http/route";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route({
    scope: "write",
    input: { params: AlertId },
    handler: ({ caller, params }) => resolveCostAlert(caller, params.id),
  }),
});
