import { removeOwnPrice, setOwnPrice } from "@/lib/costs/price-commands";
import { getOwnPrices } from "@/lib/costs/price-queries";
import { OwnPrice, OwnPriceName } from "@/lib/costs/price-schema";
import { methods, route } from "@/lib/http/route";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route({ scope: "read", handler: ({ caller }) => getOwnPrices(caller) }),
  PUT: route({
    scope: "write",
    input: { body: OwnPrice },
    handler: ({ caller, body }) => setOwnPrice(caller, body),
  }),
  DELETE: route({
    scope: "write",
    input: { query: OwnPriceName },
    handler: ({ caller, query }) => removeOwnPrice(caller, query.model),
  }),
});
