import { methods } from "@/lib/http/route";
import { signInRoute } from "@/lib/http/sign-in-route";
import { signUpInvited } from "@/lib/projects/invitation-commands";
import { InvitedSignUp } from "@/lib/projects/schema";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: signInRoute({ body: InvitedSignUp, handler: signUpInvited }),
});
