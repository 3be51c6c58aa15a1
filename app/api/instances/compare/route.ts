import { methods, route } from "@/lib/http/route";
import { compareInstances } from "@/lib/replay/commands";
import { CompareInstances } from "@/lib/replay/schema";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route({
    scope: "read",
    input: { body: CompareInstances },
    creates: true,
    handler: ({ caller, body }) => compareInstances(caller, body),
  }),
});
