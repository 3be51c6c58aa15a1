import { endOwnSession } from "@/lib/auth/account";
import { SessionParams } from "@/lib/auth/schema";
import { methods, route } from "@/lib/http/route";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  DELETE: route({
    scope: null,
    input: { params: SessionParams },
    status: 204,
    handler: ({ caller, params }) => endOwnSession(caller, params.id),
  }),
});
