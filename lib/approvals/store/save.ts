import { type Direct, sendDirect } from "@/lib/alerts/direct";
import { raiseAlerts } from "@/lib/alerts/raise";
import { settleAlertsByKey } from "@/lib/alerts/settle";
import { decidedAlert, decidedKey, requestedKey } from "@/lib/approvals/alert";
import { openCallback } from "@/lib/approvals/callback";
import { toApproval } from "@/lib/approvals/present";
import type { Decision, TrailEntry } from "@/lib/approvals/schema";
import type { Decided } from "@/lib/approvals/state";
import { iso } from "@/lib/core/time";
import type { Db } from "@/lib/db/pool";
import type { ApprovalRowStored, Place } from "./rows";

/** Who does something with an approval, by which way, and from where. */
export type Actor = {
  actor: string;
  name: string;
  via: "page" | "api" | "link" | "sweeper";
  mark: { address?: string | null; user_agent?: string };
};

export const SWEEPER: Actor = { actor: "timeout", name: "timeout", via: "sweeper", mark: {} };

export type NewEvent = Place & {
  kind: TrailEntry["kind"];
  at: number;
  by: Actor;
  details: Record<string, unknown>;
};

/** Appends to the audit trails. */
async function insertEvents(tx: Db, events: NewEvent[]): Promise<void> {
  if (events.length === 0) return;
  await tx.query({
    name: "insert-approval-events",
    text: `INSERT INTO approval_events (project_id, approval_id, kind, at, actor, actor_name, via, details)
           SELECT project_id, approval_id, kind, at, actor, actor_name, via, details
             FROM unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::text[], $6::text[], $7::text[], $8::jsonb[])
               WITH ORDINALITY AS e (project_id, approval_id, kind, at, actor, actor_name, via, details, position)
            ORDER BY position`,
    values: [
      events.map(({ projectId }) => projectId),
      events.map(({ id }) => id),
      events.map(({ kind }) => kind),
      events.map(({ at }) => iso(at)),
      events.map(({ by }) => by.actor),
      events.map(({ by }) => by.name),
      events.map(({ by }) => by.via),
      events.map(({ by, details }) => JSON.stringify({ ...by.mark, ...details })),
    ],
  });
}

export type NewVote = Place & { by: Actor; decision: Decision; notes: string | null; at: number };
export type NewClaim = Place & { by: Actor; at: number };

/** How an approval that was locked is decided. */
export type Ending = { row: ApprovalRowStored; decided: Decided; by: Actor; notes: string | null };

/** What a transaction stores of approvals it has locked. */
export type Changes = { votes: NewVote[]; claims: NewClaim[]; events: NewEvent[]; endings: Ending[] };

export const noChanges = (): Changes => ({ votes: [], claims: [], events: [], endings: [] });

/** The row of an approval once it is decided so. */
export function endedRow({ row, decided, by, notes }: Ending): ApprovalRowStored {
  return { ...row, status: decided.status, decided_at: new Date(decided.at), decider_name: by.name, notes };
}

/** Stores it with all that comes of it: the trails, the alerts, and what is posted to who asked. */
export async function saveChanges(tx: Db, { votes, claims, events, endings }: Changes): Promise<void> {
  await Promise.all([
    insertVotes(tx, votes),
    saveClaims(tx, claims),
    insertEvents(tx, events),
    endings.length > 0 && saveEndings(tx, endings),
  ]);
}

async function saveEndings(tx: Db, endings: Ending[]): Promise<void> {
  const alerts = endings.map((ending) => decidedAlert(toApproval(endedRow(ending)), ending.row.project_id));
  await Promise.all([
    updateDecided(tx, endings),
    settleAlertsByKey(
      tx,
      endings.map(({ row, decided }) => ({ key: requestedKey(row.id), at: decided.at })),
    ),
    raiseAlerts(tx, alerts),
    sendDirect(tx, endings.flatMap(callbackOf)),
  ]);
}

async function insertVotes(tx: Db, votes: NewVote[]): Promise<void> {
  if (votes.length === 0) return;
  await tx.query({
    name: "insert-approval-votes",
    text: `INSERT INTO approval_votes (project_id, approval_id, voter, voter_name, decision, notes, at)
           SELECT project_id, approval_id, voter, voter_name, decision::decision, notes, at
             FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[])
                  AS v (project_id, approval_id, voter, voter_name, decision, notes, at)`,
    values: [
      votes.map(({ projectId }) => projectId),
      votes.map(({ id }) => id),
      votes.map(({ by }) => by.actor),
      votes.map(({ by }) => by.name),
      votes.map(({ decision }) => decision),
      votes.map(({ notes }) => notes),
      votes.map(({ at }) => iso(at)),
    ],
  });
}

async function saveClaims(tx: Db, claims: NewClaim[]): Promise<void> {
  if (claims.length === 0) return;
  await tx.query({
    name: "claim-approvals",
    text: `UPDATE approvals SET claimed_at = c.at, claimed_by = c.actor
             FROM unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::text[]) AS c (project_id, id, at, actor)
            WHERE approvals.project_id = c.project_id AND approvals.id = c.id`,
    values: [
      claims.map(({ projectId }) => projectId),
      claims.map(({ id }) => id),
      claims.map(({ at }) => iso(at)),
      claims.map(({ by }) => by.actor),
    ],
  });
}

async function updateDecided(tx: Db, endings: Ending[]): Promise<void> {
  await tx.query({
    name: "decide-approvals",
    text: `UPDATE approvals
              SET status = d.status::approval_status, decided_at = d.at, decided_by = d.actor, decider_name = d.name, notes = d.notes, due_at = NULL
             FROM unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::text[], $6::text[], $7::text[])
                  AS d (project_id, id, status, at, actor, name, notes)
            WHERE approvals.project_id = d.project_id AND approvals.id = d.id AND approvals.status = 'pending'`,
    values: [
      endings.map(({ row }) => row.project_id),
      endings.map(({ row }) => row.id),
      endings.map(({ decided }) => decided.status),
      endings.map(({ decided }) => iso(decided.at)),
      endings.map(({ decided }) => decided.by),
      endings.map(({ by }) => by.name),
      endings.map(({ notes }) => notes),
    ],
  });
}

function callbackOf({ row }: Ending): Direct[] {
  if (row.callback === null) return [];
  const url = openCallback(row.callback, row.id);
  const about = { dedupKey: decidedKey(row.id), projectId: row.project_id, kind: "callback" } as const;
  // The log of deliveries tells that it cannot be sent.
  if (url === null) return [{ ...about, recipient: "an address that cannot be read", config: {} }];
  return [{ ...about, recipient: new URL(url).origin, config: { url } }];
}
