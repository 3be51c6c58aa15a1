import { ChannelId } from "@/lib/channels/schema";
import { testChannel } from "@/lib/channels/test-channel";
import { methods, route } from "@/lib/http/route";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route({
    scope: "write",
    input: { params: ChannelId },
    handler: ({ caller, params }) => testChannel(caller, params.id),
  }),
});
