import { badgeJson, badgeOf, badgeShields, badgeSvg, checkIdOfBadge } from "@/lib/checks/badge";
import { findCheckForBadge } from "@/lib/checks/queries";
import { notFound } from "@/lib/core/errors";
import { publicRoute } from "@/lib/http/public-route";
import { methods } from "@/lib/http/route";

const FILE = /^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\.(svg|json|shields)$/;

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: publicRoute(async ({ states, file }) => {
    const [, id, format] = FILE.exec(String(file)) ?? [];
    const check =
      id === undefined || !/^[23]$/.test(String(states)) ? null : await findCheckForBadge(checkIdOfBadge(id));
    if (check === null) throw notFound("badge");
    const badge = badgeOf(check, states === "3" ? 3 : 2);
    if (format === "svg") return { type: "image/svg+xml", text: badgeSvg(badge) };
    return {
      type: "application/json",
      text: JSON.stringify(format === "json" ? badgeJson(badge) : badgeShields(badge)),
    };
  }),
});
