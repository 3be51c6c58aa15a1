import { methods, route } from "@/lib/http/route";
import { rotateKey } from "@/lib/projects/key-commands";
import { KeyParams, KeyRotation } from "@/lib/projects/schema";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route({
    scope: "admin",
    input: { params: KeyParams, body: KeyRotation },
    status: 201,
    handler: ({ caller, params, body }) => rotateKey(caller, { projectId: params.id, keyId: params.keyId }, body),
  }),
});
