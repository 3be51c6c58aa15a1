import { openRoute } from "@/lib/http/open-route";
import { methods } from "@/lib/http/route";
import { health } from "@/lib/sweeper/health";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: openRoute(async () => {
    const body = await health();
    return { status: body.status === "ok" ? 200 : 503, body };
  }),
});
