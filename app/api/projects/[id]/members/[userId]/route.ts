import { methods, route } from "@/lib/http/route";
import { changeRole, removeMember } from "@/lib/projects/member-commands";
import { MemberParams, RoleChange } from "@/lib/projects/schema";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  PATCH: route({
    scope: "admin",
    input: { params: MemberParams, body: RoleChange },
    handler: ({ caller, params, body }) =>
      changeRole(caller, { projectId: params.id, userId: params.userId }, body.role),
  }),
  DELETE: route({
    // Anybody may leave; the command asks for more to remove others.
    scope: null,
    input: { params: MemberParams },
    status: 204,
    handler: ({ caller, params }) => removeMember(caller, { projectId: params.id, userId: params.userId }),
  }),
});
