import { requestLink } from "@/lib/auth/links";
import { LinkInput } from "@/lib/auth/schema";
import { methods } from "@/lib/http/route";
import { signInRoute } from "@/lib/http/sign-in-route";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: signInRoute({
    body: LinkInput,
    handler: async (asked, device) => {
      await requestLink(asked, device);
      return { sent: true };
    },
  }),
});
