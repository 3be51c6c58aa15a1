import { Approval } from "@/lib/approvals/schema";
import { utcWords } from "@/lib/core/time";
import type { AlertFacts } from "./kind";
import { oneLine, unlinked } from "./text";

const Data = Approval.partial();
type Data = Partial<Approval>;

/** What the alert knows of its approval; nothing when it cannot be read. */
export function approvalOf(alert: AlertFacts): Data {
  // An optional field that is there without a value is one that is missing.
  return (Data.safeParse(alert.data).data ?? {}) as Data;
}

const moment = (at: string | undefined) => (at === undefined ? undefined : utcWords(new Date(at).getTime()));
/** What requesters and deciders say, and what they are called. */
const said = (text: string | null | undefined) => (text ? unlinked(oneLine(text)) || undefined : undefined);
const needWords = (need: number | undefined) =>
  need === undefined ? undefined : `${need} ${need === 1 ? "approval" : "approvals"}`;

/** What becomes of an approval that nobody decides: `approved` or `denied`. */
export function timeoutWord(action: Approval["timeout_action"]): string {
  return action === "approve" ? "approved" : "denied";
}

function decision(known: Data): [string, string | undefined][] {
  return [
    ["Decision", known.status],
    ["Decided by", known.decided_by === "timeout" ? "nobody: its time ran out" : said(known.decided_by)],
    ["Decided", moment(known.decided_at)],
    ["Notes", said(known.notes)],
  ];
}

function question(known: Data): [string, string | undefined][] {
  return [
    ["Needs", needWords(known.need)],
    ["Expires", moment(known.expires_at)],
    ["If nobody decides", known.timeout_action && `it is ${timeoutWord(known.timeout_action)}`],
  ];
}

/** Labels and values of an alert about an approval, in order; what is not known is undefined. */
export function approvalFacts(alert: AlertFacts): [string, string | undefined][] {
  const known = approvalOf(alert);
  const isDecided = alert.type === "approval.decided";
  return [
    ...(isDecided ? decision(known) : []),
    ["Asked by", said(known.requested_by)],
    ["Risk", known.risk],
    ["Action", said(known.action)],
    ["Instance", known.instance_id ?? undefined],
    ["Stage", known.stage_path ?? undefined],
    ...(isDecided ? [] : question(known)),
  ];
}

/** An alert as people are shown it: what a requester wrote about an approval makes no link. */
export function withoutLinks(alert: AlertFacts): AlertFacts {
  const { subject, message } = alert;
  if (subject.type !== "approval") return alert;
  return {
    ...alert,
    subject: { ...subject, name: unlinked(oneLine(subject.name)) },
    message: unlinked(oneLine(message)),
  };
}
