import { pingObject } from "@/lib/checks/dto";
import { listPings } from "@/lib/checks/queries";
import { management } from "@/lib/http/management";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = management({
  GET: {
    scope: "write",
    handler: async ({ caller, version, params }) => {
      const pings = await listPings(caller, params["id"] ?? "");
      return { json: { pings: pings.map((ping) => pingObject(ping, version)) } };
    },
  },
});
