import { approvalOf, timeoutWord } from "@/lib/channels/approval-facts";
import { type Fact, factsOf } from "@/lib/channels/facts";
import type { AlertFacts, ChannelFacts } from "@/lib/channels/kind";
import { detailsLink } from "@/lib/channels/link";
import { oneLine, unlinked } from "@/lib/channels/text";
import { env } from "@/lib/env";
import { MARK, withoutMark } from "./tokens";

/** Text of the requester, and whether there is more of it. */
export type Quote = { title: string; text: string; isShortened: boolean };

/** What both forms of the mail say. No text of others in it holds a mark for a token, nor an address that becomes a link. */
export type Content = {
  severity: AlertFacts["severity"];
  project: string;
  sentence: string;
  facts: Fact[];
  quotes: Quote[];
  outcomes: string[];
  hint: string;
  /** Where each verdict is given, with a mark for its token. */
  verdictLink: string;
  page: string;
  why: string;
};

export const HEADING = "Your approval is needed";
export const QUOTED = "Written by the requester, not by Pulsetrail";
export const SHORTENED = "Shortened. All of it is on the page.";

const MAX_CHARACTERS = 2000;
const MAX_LINES = 60;

/** Text of others as a mail may hold it. */
const foreign = (text: string) => withoutMark(unlinked(text));

function quote(title: string, text: string): Quote {
  // A character has at most two units, so this is more than enough of them.
  const lines = foreign(text.slice(0, 3 * MAX_CHARACTERS)).split("\n");
  const characters = [...lines.slice(0, MAX_LINES).join("\n")];
  const isShortened = lines.length > MAX_LINES || characters.length > MAX_CHARACTERS;
  return { title, text: characters.slice(0, MAX_CHARACTERS).join("") + (isShortened ? "…" : ""), isShortened };
}

function quotesOf(alert: AlertFacts): Quote[] {
  const { context = alert.subject.name, args } = approvalOf(alert);
  const asked = quote("What is asked", context);
  return args === undefined || args === null
    ? [asked]
    : [asked, quote("Arguments of the action", JSON.stringify(args, null, 2))];
}

function outcomesOf(alert: AlertFacts): string[] {
  const { need = 1, expires_at: expires, timeout_action: timeout } = approvalOf(alert);
  const until = factsOf(alert).find(({ label }) => label === "Expires")?.value;
  const isShared = need > 1;
  return [
    isShared
      ? `If you approve, yours is one of the ${need} approvals it takes; with the last one the requester is told to go on.`
      : "If you approve, the requester is told to go on.",
    `If you deny, the requester is told not to go on${isShared ? ", whatever others say" : ""}.`,
    ...(expires === undefined || timeout === undefined
      ? []
      : [`If it is not decided by ${until}, it is ${timeoutWord(timeout)} by itself.`]),
  ];
}

/** What the mail to somebody who may decide says. */
export function contentOf(alert: AlertFacts, { projectName }: ChannelFacts): Content {
  const project = foreign(oneLine(projectName));
  const isHigh = approvalOf(alert).risk === "high";
  return {
    severity: alert.severity,
    project,
    sentence: `In the project "${project}" somebody waits for your answer.`,
    facts: factsOf(alert).map(({ label, value }) => ({ label, value: withoutMark(value) })),
    quotes: quotesOf(alert),
    outcomes: outcomesOf(alert),
    hint: isHigh
      ? "The risk is high: you are asked to sign in. Either link opens a page; only a button there decides."
      : "Either link opens a page; only a button there decides.",
    verdictLink: `${env().BASE_URL}/approve/${MARK}`,
    page: detailsLink(alert),
    why: `You get this mail because you may decide this for the project "${project}". The links are yours alone: do not pass this mail on.`,
  };
}
