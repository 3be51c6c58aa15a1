import { methods, route } from "@/lib/http/route";
import { acceptInvitation } from "@/lib/projects/invitation-commands";
import { Acceptance } from "@/lib/projects/schema";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route({
    scope: null,
    input: { body: Acceptance },
    handler: ({ caller, body }) => acceptInvitation(caller, body.token),
  }),
});
