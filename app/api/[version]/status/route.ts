import { probeDatabase } from "@/lib/checks/queries";
import { publicRoute } from "@/lib/http/public-route";
import { methods } from "@/lib/http/route";

/** For load balancers: 200 when the database answers. `/api/health` says more. */
export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: publicRoute(async ({ version }) => {
    if (!/^v[123]$/.test(String(version))) return { status: 404, type: "text/plain", text: "not found" };
    const isUp = await probeDatabase();
    return { status: isUp ? 200 : 503, type: "text/plain", text: isUp ? "OK" : "The database does not answer." };
  }),
});
