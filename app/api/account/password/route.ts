import { changePassword } from "@/lib/auth/account";
import { PasswordChange } from "@/lib/auth/schema";
import { methods, route } from "@/lib/http/route";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route({
    scope: null,
    input: { body: PasswordChange },
    status: 204,
    handler: ({ caller, body }) => changePassword(caller, body),
  }),
});
