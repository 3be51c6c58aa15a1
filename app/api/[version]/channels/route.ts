import { listChannelNames } from "@/lib/checks/queries";
import { management } from "@/lib/http/management";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = management({
  GET: { scope: "write", handler: async ({ caller }) => ({ json: { channels: await listChannelNames(caller) } }) },
});
