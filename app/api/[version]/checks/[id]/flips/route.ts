import { getCheckId, listFlips } from "@/lib/checks/queries";
import { FlipFilter } from "@/lib/checks/schema";
import { management } from "@/lib/http/management";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = management({
  GET: {
    scope: "read",
    handler: async ({ caller, params, query }) => {
      const checkId = await getCheckId(caller, params["id"] ?? "");
      const filter = FlipFilter.safeParse(Object.fromEntries(query));
      if (filter.data === undefined) return { status: 400, bytes: "" };
      return { json: { flips: await listFlips(caller, { checkId, ...filter.data }) } };
    },
  },
});
