import { notFound } from "@/lib/core/errors";
import { openRoute } from "@/lib/http/open-route";

const missing = openRoute(async () => {
  throw notFound("address");
});

export { missing as DELETE, missing as GET, missing as OPTIONS, missing as PATCH, missing as POST, missing as PUT };
