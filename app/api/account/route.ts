import { getAccount, updateAccount } from "@/lib/auth/account";
import { AccountChange } from "@/lib/auth/schema";
import { methods, route } from "@/lib/http/route";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route({ scope: null, handler: ({ caller }) => getAccount(caller) }),
  PATCH: route({
    scope: null,
    input: { body: AccountChange },
    handler: ({ caller, body }) => updateAccount(caller, body),
  }),
});
