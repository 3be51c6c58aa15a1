import { createCheck } from "@/lib/checks/commands";
import { checkObject } from "@/lib/checks/dto";
import { listChecks } from "@/lib/checks/queries";
import { CheckInput } from "@/lib/checks/schema";
import { management } from "@/lib/http/management";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = management({
  GET: {
    scope: "read",
    handler: async ({ caller, version, query }) => {
      const checks = await listChecks(caller, { tags: query.getAll("tag"), slug: query.get("slug") });
      const canWrite = caller.scopes.has("write");
      return { json: { checks: checks.map((check) => checkObject(check, { version, canWrite })) } };
    },
  },
  POST: {
    scope: "write",
    creates: true,
    handler: async ({ caller, version, body }) => {
      const { check, created } = await createCheck(caller, { input: CheckInput.parse(body), version });
      return { status: created ? 201 : 200, json: checkObject(check, { version, canWrite: true }) };
    },
  },
});
