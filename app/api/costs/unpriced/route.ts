import { getUnpriced } from "@/lib/costs/price-queries";
import { methods, route } from "@/lib/http/route";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route({ scope: "read", handler: ({ caller }) => getUnpriced(caller) }),
});
