import { methods, route } from "@/lib/http/route";
import { ListCommands } from "@/lib/replay/command-schema";
import { waitForCommands } from "@/lib/replay/work-queue";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route({
    scope: "read",
    input: { query: ListCommands },
    handler: async ({ caller, query, signal }) => {
      const { items, nextCursor } = await waitForCommands(caller, { ...query, signal });
      return { commands: items, next_cursor: nextCursor };
    },
  }),
});
