import { deleteChannel, updateChannel } from "@/lib/channels/commands";
import { getChannel } from "@/lib/channels/queries";
import { ChannelId, UpdateChannel } from "@/lib/channels/schema";
import { methods, route } from "@/lib/http/route";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route({
    scope: "read",
    input: { params: ChannelId },
    handler: ({ caller, params }) => getChannel(caller, params.id),
  }),
  PATCH: route({
    scope: "write",
    input: { params: ChannelId, body: UpdateChannel },
    handler: ({ caller, params, body }) => updateChannel(caller, params.id, body),
  }),
  DELETE: route({
    scope: "write",
    input: { params: ChannelId },
    status: 204,
    handler: ({ caller, params }) => deleteChannel(caller, params.id),
  }),
});
