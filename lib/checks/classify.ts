import type { PingKind, Status } from "./state";

/** What a check makes of a signal besides its address: keywords, methods, manual resume. */
export type Filters = {
  methods: string;
  manualResume: boolean;
  filterHttpBody: boolean;
  filterDefaultFail: boolean;
  startKeywords: string;
  successKeywords: string;
  failureKeywords: string;
  /** Exit statuses that are a success with something to say, such as `1,75-78`. */
  warningExits: string;
  /** Whether link previews and prefetches of browsers are left out. */
  ignorePreviews: boolean;
};

/** Why a signal is recorded and left out. */
export type IgnoredBecause = "paused" | "method" | "preview" | "no_keyword";

type Arrived = {
  kind: Exclude<PingKind, "ign">;
  method: string;
  body: Uint8Array;
  exitStatus: number | null;
  userAgent: string;
  /** The client said that nobody has asked for this page yet. */
  isPrefetch: boolean;
};

/**
 * Programs that open an address because it stands in a message, by what they call themselves: those of chats, social
 * networks and mail services. Case does not matter.
 */
const PREVIEWERS =
  /slackbot|slack-imgproxy|discordbot|twitterbot|facebookexternalhit|facebot|whatsapp|telegrambot|skypeuripreview|linkedinbot|mattermost|google-pagerenderer|googleimageproxy|bingpreview|microsoft office|ms teams|redditbot|pinterest|embedly|iframely|mastodon|synapse|signal-desktop|viber|snapchat|zoombot|notionbot|bluesky/i;

/** Whether nobody meant this request: a preview of a link, or a page fetched in advance. */
function isPreview({ userAgent, isPrefetch }: Arrived): boolean {
  return isPrefetch || PREVIEWERS.test(userAgent);
}

/** Whether an exit status is in a list such as `1,75-78`. */
export function isListed(exits: string, exitStatus: number): boolean {
  return exits.split(",").some((part) => {
    const [from = "", to = from] = part.trim().split("-");
    return from !== "" && exitStatus >= Number(from) && exitStatus <= Number(to);
  });
}

function contains(text: string, keywords: string): boolean {
  const wanted = keywords.split(",").map((keyword) => keyword.trim());
  return wanted.some((keyword) => keyword !== "" && text.includes(keyword));
}

function byKeywords(filters: Filters, body: Uint8Array): PingKind {
  // Never fatal: a multi-byte character that the body limit cut must not lose the signal.
  const text = new TextDecoder("utf-8").decode(body);
  if (contains(text, filters.failureKeywords)) return "fail";
  if (contains(text, filters.successKeywords)) return "success";
  if (contains(text, filters.startKeywords)) return "start";
  return filters.filterDefaultFail ? "fail" : "ign";
}

function isWarning({ warningExits }: Filters, { kind, exitStatus }: Arrived): boolean {
  return warningExits !== "" && kind === "fail" && exitStatus !== null && isListed(warningExits, exitStatus);
}

/** Why a signal is left out whatever its body says: paused for manual resume, then the method, then previews of links. */
function leftOut(filters: Filters, status: Status, arrived: Arrived): IgnoredBecause | null {
  if (status === "paused" && filters.manualResume) return "paused";
  if (filters.methods === "POST" && arrived.method !== "POST") return "method";
  return filters.ignorePreviews && isPreview(arrived) ? "preview" : null;
}

/** Why a signal is left out; null when it counts. */
export function ignoredBecause(filters: Filters, status: Status, arrived: Arrived): IgnoredBecause | null {
  const because = leftOut(filters, status, arrived);
  if (because !== null) return because;
  return filters.filterHttpBody && byKeywords(filters, arrived.body) === "ign" ? "no_keyword" : null;
}

/** The kind under which a signal is recorded. Body keywords replace what the address said, exit status and all. */
export function classify(filters: Filters, status: Status, arrived: Arrived): PingKind {
  if (leftOut(filters, status, arrived) !== null) return "ign";
  if (filters.filterHttpBody) return byKeywords(filters, arrived.body);
  return isWarning(filters, arrived) ? "success" : arrived.kind;
}
