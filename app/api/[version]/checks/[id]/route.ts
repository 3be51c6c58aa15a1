import { deleteCheck, updateCheck } from "@/lib/checks/commands";
import { checkObject } from "@/lib/checks/dto";
import { getCheck, requireCheck } from "@/lib/checks/queries";
import { CheckInput } from "@/lib/checks/schema";
import { management } from "@/lib/http/management";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = management({
  GET: {
    scope: "read",
    handler: async ({ caller, version, params }) => {
      const check = await getCheck(caller, params["id"] ?? "");
      return { json: checkObject(check, { version, canWrite: caller.scopes.has("write") }) };
    },
  },
  POST: {
    scope: "write",
    handler: async ({ caller, version, params, body }) => {
      const { id = "" } = params;
      // Whose check it is matters before what is wrong with the body.
      await requireCheck(caller, id);
      const check = await updateCheck(caller, id, { input: CheckInput.parse(body), version });
      return { json: checkObject(check, { version, canWrite: true }) };
    },
  },
  DELETE: {
    scope: "write",
    handler: async ({ caller, version, params }) => {
      const check = await deleteCheck(caller, params["id"] ?? "");
      return { json: checkObject(check, { version, canWrite: true }) };
    },
  },
});
