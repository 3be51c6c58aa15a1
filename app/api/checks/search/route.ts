import { z } from "zod";
import { searchChecks } from "@/lib/checks/list/list";
import { methods, route } from "@/lib/http/route";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route({
    scope: "read",
    input: { query: z.object({ q: z.string("is required").max(200, "is too long") }) },
    handler: async ({ caller, query }) => ({ checks: await searchChecks(caller, query.q) }),
  }),
});
