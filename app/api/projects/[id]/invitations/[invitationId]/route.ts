import { methods, route } from "@/lib/http/route";
import { revokeInvitation } from "@/lib/projects/invitation-commands";
import { InvitationParams } from "@/lib/projects/schema";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  DELETE: route({
    scope: "admin",
    input: { params: InvitationParams },
    status: 204,
    handler: ({ caller, params: { id, invitationId } }) => revokeInvitation(caller, { projectId: id, invitationId }),
  }),
});
