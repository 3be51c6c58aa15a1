import { getPingBody } from "@/lib/checks/queries";
import { management } from "@/lib/http/management";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = management({
  GET: {
    scope: "write",
    personScope: "read",
    handler: async ({ caller, params }) => ({
      bytes: await getPingBody(caller, { checkId: params["id"] ?? "", n: params["n"] ?? "" }),
    }),
  },
});
