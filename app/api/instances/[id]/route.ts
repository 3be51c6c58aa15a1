import { methods, route } from "@/lib/http/route";
import { getInstance } from "@/lib/workflows/queries";
import { InstanceId } from "@/lib/workflows/schema";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route({
    scope: "read",
    input: { params: InstanceId },
    handler: ({ caller, params }) => getInstance(caller, params.id),
  }),
});
