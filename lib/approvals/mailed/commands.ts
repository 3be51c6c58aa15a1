import { DecideApproval } from "@/lib/approvals/schema";
import { noteView, type Voter, voteOn } from "@/lib/approvals/vote";
import type { Device } from "@/lib/auth/device";
import { AppError, type ErrorCode, notFound } from "@/lib/core/errors";
import { sha256 } from "@/lib/core/ids";
import { createLimiter } from "@/lib/core/rate-limit";
import { env } from "@/lib/env";
import { isNonce } from "./nonce";
import { findLinked, findOwnVote } from "./queries";
import type { LinkedApproval, Standing } from "./standing";
import { WHY_NOT } from "./words";

const WINDOW_SECONDS = 900;
const tries = createLimiter({ name: "approve-link", requests: 20, windowSeconds: WINDOW_SECONDS });
/** Apart from the tries: a scanner that runs scripts must not keep the person out. */
const views = createLimiter({ name: "approve-link-views", requests: 60, windowSeconds: WINDOW_SECONDS });

/** Who opens a link, and from where. */
type Opening = { token: string; device: Device };
/** What its form carries, as it came. */
type Answer = { nonce: string; notes: string };

async function limit(limiter: typeof tries, token: string): Promise<void> {
  if (env().RATE_LIMITS === "off") return;
  const { exceeded, headers } = await limiter(sha256(token).toString("hex"));
  if (exceeded)
    throw new AppError("rate_limited", "Too many tries with this link. Wait a quarter of an hour.", { headers });
}

/** Throws `not_found` for a link that leads nowhere. */
async function getLinked(token: string): Promise<LinkedApproval> {
  const linked = await findLinked(token);
  if (linked === null) throw notFound("link");
  return linked;
}

function voterOf({ recipient }: LinkedApproval, { address, userAgent }: Device): Voter {
  return {
    actor: `user:${recipient.id}`,
    name: recipient.email,
    via: "link",
    mark: { address: address === "" ? null : address, user_agent: userAgent },
  };
}

/** Everything else is for the machine to judge, at the moment of the vote. */
const BARRED = ["left", "forbidden", "sign_in"] as const satisfies Standing[];
const TOO_LATE: readonly ErrorCode[] = ["already_decided", "already_voted"];

/** Pressing the button twice, as people do on a phone, is one answer. */
async function isRepeat(linked: LinkedApproval, error: unknown): Promise<boolean> {
  const isLate = error instanceof AppError && TOO_LATE.includes(error.code);
  return isLate && (await findOwnVote(linked)) === linked.decision;
}

/**
 * Does what a mailed link is for, in the name of whom it was sent to. Throws `not_found` for a forged link, `rate_limited`,
 * `forbidden` without the mark of its page, for whom the project no longer lets approve and for what asks for sign-in,
 * `invalid_input` for notes that are too long, and whatever `voteOn` refuses.
 */
export async function decideByLink({ token, device }: Opening, { nonce, notes }: Answer): Promise<void> {
  const linked = await getLinked(token);
  if (!isNonce(nonce, token))
    throw new AppError(
      "forbidden",
      "The page with the button is too old, or was not ours. Open it again and answer there.",
    );
  // Behind the mark: scanners that post forms must not keep the person out.
  await limit(tries, token);
  // Forms send line breaks as two characters, which nobody typed.
  const said = notes.replaceAll("\r\n", "\n").trim();
  const verdict = DecideApproval.parse({ decision: linked.decision, notes: said === "" ? null : said });
  const barred = BARRED.find((one) => one === linked.standing);
  if (barred !== undefined) throw new AppError("forbidden", WHY_NOT[barred]);
  try {
    await voteOn({ projectId: linked.project.id, id: linked.id }, voterOf(linked, device), verdict);
  } catch (error) {
    if (!(await isRepeat(linked, error))) throw error;
  }
}

/** Notes that a script of the page ran, a person's or a scanner's, while it is open. Throws `not_found`, `rate_limited`. */
export async function noteLinkView({ token, device }: Opening): Promise<void> {
  const linked = await getLinked(token);
  await limit(views, token);
  if (linked.outcome !== null || linked.standing === "left") return;
  await noteView({ projectId: linked.project.id, id: linked.id }, voterOf(linked, device));
}
