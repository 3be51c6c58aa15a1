import { clockWords, inWords, utcWords } from "@/lib/core/time";
import type { Approval, ApprovalStatus, Decision, Refusal, Risk, TrailEntry } from "./schema";

export const STATUS_WORDS: Record<ApprovalStatus, string> = {
  pending: "Waiting",
  approved: "Approved",
  denied: "Denied",
  cancelled: "Cancelled",
};

/** What an approval that waits no more can be. */
export const DECIDED = ["approved", "denied", "cancelled"] as const;

export const RISK_WORDS: Record<Risk, string> = { low: "Low risk", medium: "Medium risk", high: "High risk" };

const DONE: Record<Decision, string> = { approve: "approved", deny: "denied" };

const TIMEOUT = "timeout";

/** What is left of a time, as a clock counts it down: `4:05`, `1:00:09`. Takes milliseconds. */
export function clockLeft(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const two = (count: number): string => String(count).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  return `${hours === 0 ? minutes : `${hours}:${two(minutes)}`}:${two(seconds % 60)}`;
}

const approvals = ({ votes }: Pick<Approval, "votes">): number =>
  votes.filter(({ decision }) => decision === "approve").length;

type Waiting = Pick<Approval, "expires_at" | "timeout_action" | "need" | "votes">;

const NOBODY = "If nobody answers";
const TOO_FEW = "If not enough answer";

function waitingSentence(approval: Waiting, refusal: Refusal | null, now: number): string {
  const { expires_at, timeout_action, need } = approval;
  const end = DONE[timeout_action];
  const left = Date.parse(expires_at) - now;
  if (left <= 0) return `The time is up: it is being ${end}.`;
  const given = approvals(approval);
  const whom = refusal === null ? "Waiting for you" : "Waiting for others";
  const so = need === 1 ? "" : ` ${given} of ${need} have approved.`;
  return `${whom}, ${inWords(Math.ceil(left / 1000) * 1000)} left.${so} ${given === 0 ? NOBODY : TOO_FEW} it is ${end}.`;
}

type Sentenced = Waiting &
  Pick<Approval, "status" | "decided_by" | "decided_at" | "created_at" | "claimed_at" | "timeout_seconds">;

/** How an approval stands, in one or two plain sentences for somebody who may decide it, or may not. */
export function approvalSentence(approval: Sentenced, refusal: Refusal | null, now: number): string {
  const { status, decided_by: by = "", decided_at: at, created_at: asked } = approval;
  if (status === "pending" || at === undefined) return waitingSentence(approval, refusal, now);
  const when = clockWords(Date.parse(at), now);
  if (by === TIMEOUT) {
    const who = approvals(approval) === 0 ? "nobody answered" : "not enough people answered";
    return `${STATUS_WORDS[status]} at ${when}, because ${who} in time.${claimSentence(approval, now)}`;
  }
  const took = inWords(Date.parse(at) - Date.parse(asked));
  return `${STATUS_WORDS[status]} by ${by} at ${when}, after ${took}.${claimSentence(approval, now)}`;
}

function claimSentence({ claimed_at: at }: Pick<Approval, "claimed_at">, now: number): string {
  return at === null ? "" : ` What was approved was begun at ${clockWords(Date.parse(at), now)}.`;
}

/** Who decided, as people read it. */
export const deciderWords = (by: string): string => (by === TIMEOUT ? "nobody, in time" : by);

/** Why the viewer may not decide what waits. */
export function refusalWords(refusal: Refusal, { approvers, need, votes }: Approval): string | null {
  switch (refusal) {
    case "forbidden":
      return "Your role in this project lets you look, but not decide.";
    case "not_an_approver":
      return `Only ${approvers.join(", ")} may decide this.`;
    case "own_request":
      return "You asked for this yourself. As its risk is high, somebody else must decide.";
    case "already_voted": {
      const missing = need - approvals({ votes });
      return `You have approved. ${missing} more must, before it is approved.`;
    }
    case "already_decided":
      return null;
  }
}

/** What a yes does. */
export function yesWords({ need, action, limit_type }: Pick<Approval, "need" | "action" | "limit_type">): string {
  if (limit_type !== null) return "The instance goes on at once, with the higher limit.";
  const first =
    need === 1
      ? "Whoever asked is told to go on"
      : `Whoever asked is told to go on as soon as ${need} people approve, and not to when one denies`;
  return action === null ? `${first}.` : `${first}, and may begin the action once, exactly as it is shown here.`;
}

/** What a no does. */
export const noWords = ({ limit_type }: Pick<Approval, "limit_type">): string =>
  limit_type === null ? "Whoever asked is told not to go on." : "The instance ends.";

type Expiring = Pick<Approval, "expires_at" | "timeout_action" | "limit_type">;

/** What happens when nobody decides. */
export function expiryWords({ expires_at, timeout_action, limit_type }: Expiring): string {
  const so = limit_type === null ? "" : ", and the instance ends";
  return `It is ${DONE[timeout_action]} at ${utcWords(Date.parse(expires_at))}${so}.`;
}

const KINDS: Record<TrailEntry["kind"], string> = {
  requested: "Requested",
  notified: "Notified",
  viewed: "Viewed",
  voted: "Voted",
  decided: "Decided",
  expired: "Out of time",
  cancelled: "Cancelled",
  claimed: "Begun",
};

const WAYS: Record<string, string> = {
  page: "on its page",
  link: "by the link in a mail",
  api: "by the API",
  sweeper: "",
  budget: "",
};

const said = (value: unknown): string => (typeof value === "string" ? value : "");

const VERDICTS: Record<string, string> = { approve: "to approve", deny: "to deny" };
const OUTCOMES: Record<string, string> = { approved: "approved", denied: "denied" };

function whatOf({ kind, details }: TrailEntry): string {
  const [decision, outcome] = [said(details["decision"]), OUTCOMES[said(details["status"])]];
  if (kind === "voted") return `Voted ${VERDICTS[decision] ?? decision}`.trim();
  if (kind === "decided" && outcome !== undefined) return `Decided: ${outcome}`;
  return kind === "expired" && outcome !== undefined ? `Out of time: ${outcome}` : KINDS[kind];
}

/** What an entry of the audit trail tells, e.g. `Voted to approve`, and by which way it came about; empty for by itself. */
export function trailWords(entry: TrailEntry): { what: string; way: string } {
  const { kind, via } = entry;
  return { what: whatOf(entry), way: kind === "notified" ? `by ${via}` : (WAYS[via] ?? via) };
}

const NOTICES: Record<string, string> = { kept: "kept here, because no mail service is set up" };

/** What else is known of an entry, in the order it is told in. */
export function trailDetails({ kind, details }: TrailEntry): [label: string, value: string][] {
  const known: [string, unknown][] = [
    ["Status", kind === "notified" ? (NOTICES[said(details["status"])] ?? details["status"]) : null],
    ["Error", details["error"]],
    ["Address", details["address"]],
    ["Browser", details["user_agent"]],
    ["Digest", details["digest"]],
  ];
  return known.flatMap(([label, value]): [string, string][] => (said(value) === "" ? [] : [[label, said(value)]]));
}

/** A part of a whole in percent: `83 %`, `–` of nothing. */
export const shareWords = (part: number, whole: number): string =>
  whole === 0 ? "–" : `${Math.round((part / whole) * 100)} %`;
