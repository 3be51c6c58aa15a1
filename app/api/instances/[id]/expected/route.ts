import { setExpected } from "@/lib/costs/feedback";
import { ExpectedBody } from "@/lib/costs/view-schema";
import { methods, route } from "@/lib/http/route";
import { InstanceId } from "@/lib/workflows/schema";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  PUT: route({
    scope: "write",
    input: { params: InstanceId, body: ExpectedBody },
    handler: ({ caller, params, body }) => setExpected(caller, params.id, body),
  }),
});
