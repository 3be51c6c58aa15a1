import { resumeCheck } from "@/lib/checks/commands";
import { checkObject } from "@/lib/checks/dto";
import { management } from "@/lib/http/management";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = management({
  POST: {
    scope: "write",
    handler: async ({ caller, version, params }) => {
      const check = await resumeCheck(caller, params["id"] ?? "");
      return { json: checkObject(check, { version, canWrite: true }) };
    },
  },
});
