/** What each role may do, for where one is chosen. */
export const ROLE_WORDS = {
  owner: { label: "Owner", description: "Everything, also other owners and deleting the project" },
  admin: { label: "Admin", description: "People, keys and settings as well" },
  member: { label: "Member", description: "Checks, alerts and channels" },
  viewer: { label: "Viewer", description: "Looks, changes nothing" },
} as const;

const ACTIONS: Readonly<Record<string, string>> = {
  "project.create": "made the project",
  "project.update": "changed the project",
  "project.rotate_ping_key": "replaced the ping key",
  "key.create": "made the API key",
  "key.rotate": "rotated the API key",
  "key.revoke": "revoked the API key",
  "member.leave": "left the project:",
  "member.remove": "removed",
  "invitation.create": "invited",
  "invitation.revoke": "withdrew the invitation of",
  "invitation.accept": "accepted the invitation to",
  "channel.test": "tested the channel",
  "channel.disable": "disabled the channel",
  "delivery.retry": "retried a delivery",
};

const VERBS: Readonly<Record<string, string>> = {
  create: "made",
  update: "changed",
  delete: "deleted",
  pause: "paused",
  resume: "resumed",
  mute: "muted",
  unmute: "unmuted",
  acknowledge: "acknowledged",
  resolve: "resolved",
};

/** An entry of the audit log as the middle of a sentence: `paused the check`. */
export function actionWords(action: string): string {
  const known = ACTIONS[action];
  if (known !== undefined) return known;
  const [kind = "", verb = "", more = ""] = action.split(".");
  if (kind === "member" && verb === "role") return `gave the role ${more} to`;
  return `${VERBS[verb] ?? verb.replaceAll("_", " ")} the ${kind}`;
}

type Life = { revoked_at: string | null; expires_at: string | null };

/** How a key stands at `now`, in epoch milliseconds. */
export function keyStatus({ revoked_at, expires_at }: Life, now: number): "active" | "revoked" | "expired" {
  if (revoked_at !== null) return "revoked";
  return expires_at !== null && Date.parse(expires_at) <= now ? "expired" : "active";
}

/** A browser and its system as people call them; the text a browser sends is long and full of history. */
export function deviceWords(userAgent: string): string {
  const find = (names: [RegExp, string][]) => names.find(([pattern]) => pattern.test(userAgent))?.[1];
  const browser = find([
    [/Edg\//, "Edge"],
    [/Firefox\//, "Firefox"],
    [/Chrome\//, "Chrome"],
    [/Safari\//, "Safari"],
  ]);
  const system = find([
    [/Android/, "Android"],
    [/iPhone|iPad/, "iOS"],
    [/Windows/, "Windows"],
    [/Mac OS X/, "macOS"],
    [/Linux/, "Linux"],
  ]);
  if (browser === undefined && system === undefined) return userAgent.slice(0, 60) || "Unknown device";
  return [browser ?? "Browser", system].filter((part) => part !== undefined).join(" on ");
}
