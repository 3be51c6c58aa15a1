import { methods, route } from "@/lib/http/route";
import { ClaimCommand, CommandId } from "@/lib/replay/command-schema";
import { claimCommand, releaseCommand } from "@/lib/replay/work-queue";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route({
    scope: "write",
    input: { params: CommandId, body: ClaimCommand },
    handler: ({ caller, params, body }) => claimCommand(caller, { ...body, id: params.id }),
  }),
  DELETE: route({
    scope: "write",
    input: { params: CommandId },
    status: 204,
    handler: ({ caller, params }) => releaseCommand(caller, params.id),
  }),
});
