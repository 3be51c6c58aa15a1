import { muteCheck } from "@/lib/checks/commands";
import { toSummary } from "@/lib/checks/list/summary";
import { CheckId, MuteCheck } from "@/lib/checks/schema";
import { methods, route } from "@/lib/http/route";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route({
    scope: "write",
    input: { params: CheckId, body: MuteCheck },
    handler: async ({ caller, params, body }) => toSummary(await muteCheck(caller, params.id, body.until)),
  }),
});
