import { endOwnOtherSessions, listOwnSessions } from "@/lib/auth/account";
import { methods, route } from "@/lib/http/route";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route({
    scope: null,
    handler: async ({ caller }) => ({ sessions: await listOwnSessions(caller), next_cursor: null }),
  }),
  DELETE: route({ scope: null, status: 204, handler: ({ caller }) => endOwnOtherSessions(caller) }),
});
