import { type Caller, callerName, holderOf, requireOwn, requireScope } from "@/lib/auth/caller";
import type { Device } from "@/lib/auth/device";
import { notFound } from "@/lib/core/errors";
import { pool } from "@/lib/db/pool";
import { act } from "./act";
import type { Approval, DecideApproval } from "./schema";
import type { Place } from "./store/rows";
import type { Actor } from "./store/save";
import { noteView, voteOn } from "./vote";

/** The caller as the one who acts, and from where. */
function actorOf(caller: Caller, { address, userAgent }: Device): Actor {
  const via = caller.kind === "session" ? "page" : "api";
  return { actor: holderOf(caller), name: callerName(caller), via, mark: { address, user_agent: userAgent } };
}

/** Where an approval of the caller's project is. Throws `not_found` and `forbidden`. */
async function requireApproval(caller: Caller, id: string): Promise<Place> {
  const { rows } = await pool().query<{ project_id: string }>("SELECT project_id FROM approvals WHERE id = $1", [id]);
  requireOwn(caller, rows[0]?.project_id, "approval");
  if (rows[0] === undefined) throw notFound("approval");
  return { projectId: caller.projectId, id };
}

type Decided = { id: string; device: Device } & DecideApproval;

/**
 * Decides an approval as a person or a key with the scope `approve`, or adds one of several voices. Throws as `voteOn`
 * does, and `forbidden`.
 */
export async function decideApproval(caller: Caller, { id, device, ...said }: Decided): Promise<Approval> {
  const place = await requireApproval(caller, id);
  requireScope(caller, "approve");
  return voteOn(place, actorOf(caller, device), said);
}

/** Takes a request back. Throws `already_decided` with the approval. */
export async function cancelApproval(
  caller: Caller,
  { id, device }: { id: string; device: Device },
): Promise<Approval> {
  const place = await requireApproval(caller, id);
  requireScope(caller, "write");
  return act({ place, event: { is: "cancel", by: holderOf(caller) }, by: actorOf(caller, device), notes: null });
}

type Claim = { id: string; device: Device; digest: string | null };

/**
 * Uses an approval up, once, for what its digest says: who does it must know that nobody else does. Throws `not_approved`,
 * `already_claimed` and `digest_mismatch` with the approval, and `invalid_input` where a digest is missing.
 */
export async function claimApproval(caller: Caller, { id, device, digest }: Claim): Promise<Approval> {
  const place = await requireApproval(caller, id);
  requireScope(caller, "write");
  return act({ place, event: { is: "claim", digest }, by: actorOf(caller, device), notes: null });
}

/** Notes that the caller looked at an approval. */
export async function viewApproval(caller: Caller, { id, device }: { id: string; device: Device }): Promise<void> {
  const place = await requireApproval(caller, id);
  requireScope(caller, "read");
  await noteView(place, actorOf(caller, device));
}
