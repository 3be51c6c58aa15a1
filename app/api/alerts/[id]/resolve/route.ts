import { resolveAlert } from "@/lib/alerts/commands";
import { AlertId } from "@/lib/alerts/schema";
import { methods, route } from "@/lib/http/route";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route({
    scope: "write",
    input: { params: AlertId },
    handler: ({ caller, params }) => resolveAlert(caller, params.id),
  }),
});
