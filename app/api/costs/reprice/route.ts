import { repriceSteps } from "@/lib/costs/price-commands";
import { Reprice } from "@/lib/costs/price-schema";
import { methods, route } from "@/lib/http/route";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route({
    scope: "write",
    input: { body: Reprice },
    handler: ({ caller, body }) => repriceSteps(caller, body),
  }),
});
