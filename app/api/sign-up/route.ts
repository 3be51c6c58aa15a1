import { signUp } from "@/lib/auth/links";
import { SignUpInput } from "@/lib/auth/schema";
import { methods } from "@/lib/http/route";
import { signInRoute } from "@/lib/http/sign-in-route";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: signInRoute({
    body: SignUpInput,
    handler: async (body, device) => ({ confirm: (await signUp(body, device)).confirm }),
  }),
});
