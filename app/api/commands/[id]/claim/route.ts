import { methods, route } from "@/lib/http/route";
import { CommandId } from "@/lib/replay/schema";
import { claimCommand } from "@/lib/replay/work-queue";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route({
    scope: "write",
    input: { params: CommandId },
    handler: ({ caller, params }) => claimCommand(caller, params.id),
  }),
});
