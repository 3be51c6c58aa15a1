import { decideByLink } from "@/lib/approvals/mailed/commands";
import { linkFormRoute } from "@/lib/http/link-route";
import { methods } from "@/lib/http/route";

/** Where `proxy.ts` leads the form of `/approve/<token>`. */
export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: linkFormRoute("/approve", ({ token, device, fields }) =>
    decideByLink({ token, device }, { nonce: fields.get("nonce") ?? "", notes: fields.get("notes") ?? "" }),
  ),
});
