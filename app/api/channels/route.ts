import { createChannel } from "@/lib/channels/commands";
import { listChannels } from "@/lib/channels/queries";
import { CreateChannel, ListChannels } from "@/lib/channels/schema";
import { methods, route } from "@/lib/http/route";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route({
    scope: "read",
    input: { query: ListChannels },
    handler: async ({ caller, query }) => {
      const { items, nextCursor } = await listChannels(caller, query);
      return { channels: items, next_cursor: nextCursor };
    },
  }),
  POST: route({
    scope: "write",
    input: { body: CreateChannel },
    status: 201,
    handler: ({ caller, body }) => createChannel(caller, body),
  }),
});
