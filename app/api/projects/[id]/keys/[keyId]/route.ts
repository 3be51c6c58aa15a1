import { methods, route } from "@/lib/http/route";
import { revokeKey } from "@/lib/projects/key-commands";
import { KeyParams } from "@/lib/projects/schema";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  DELETE: route({
    scope: "admin",
    input: { params: KeyParams },
    status: 204,
    handler: ({ caller, params }) => revokeKey(caller, { projectId: params.id, keyId: params.keyId }),
  }),
});
