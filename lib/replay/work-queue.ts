import { type Caller, callerName, requireOwn, requireScope } from "@/lib/auth/caller";
import { AppError, notFound } from "@/lib/core/errors";
import { SECOND } from "@/lib/core/time";
import { PolledWatch } from "@/lib/db/polled-watch";
import { type Db, pool } from "@/lib/db/pool";
import { type CommandParts, toCommand } from "./command";
import type { Command, ListCommands } from "./schema";

/** Older ones nobody waits for any more. */
const OFFERED = "interval '1 day'";

/** Forks and reruns that nobody has taken on and that still run. */
const OPEN = `replay_sessions s JOIN instances i ON i.project_id = s.project_id AND i.id = s.other_id
  WHERE s.claimed_at IS NULL AND s.kind <> 'compare' AND s.created_at > now() - ${OFFERED} AND i.status = 'running'`;

type Row = {
  id: string;
  kind: Command["kind"];
  instance_id: string;
  other_id: string;
  fork_from_stage: string | null;
  reason: string | null;
  actor_name: string;
  created_at: Date;
  parts: CommandParts;
};

const COLUMNS = `s.id, s.kind, s.instance_id, s.other_id, s.inputs ->> 'fork_from_stage' AS fork_from_stage, s.reason, s.actor_name,
  s.created_at, s.result AS parts`;

const keyOf = (projectId: string, workflowId: string | null): string => `${projectId}/${workflowId ?? ""}`;

/** Which of these projects, and workflows of theirs, have something to do. */
async function askOpen(keys: string[]): Promise<[string, true][]> {
  const projects = [...new Set(keys.map((key) => key.slice(0, key.indexOf("/"))))];
  const { rows } = await pool().query<{ project_id: string; workflow_id: string }>({
    name: "open-commands",
    text: `SELECT DISTINCT s.project_id, i.workflow_id FROM ${OPEN} AND s.project_id = ANY ($1)`,
    values: [projects],
  });
  return rows.flatMap((row): [string, true][] => [
    [keyOf(row.project_id, null), true],
    [keyOf(row.project_id, row.workflow_id), true],
  ]);
}

// Routes are in Next's bundles, whoever stops them beside the front door; they meet here.
const shared = globalThis as typeof globalThis & { pulsetrailCommands?: PolledWatch<true> };

/** Everybody in this process who waits for something to do. */
export function theCommandWatch(): PolledWatch<true> {
  shared.pulsetrailCommands ??= new PolledWatch(askOpen);
  return shared.pulsetrailCommands;
}

type Wanted = { projectId: string; workflowId: string | null; limit: number };

/** Commands of a project that nobody has taken on, the oldest first. */
export async function loadOpen(db: Db, { projectId, workflowId, limit }: Wanted): Promise<Command[]> {
  const { rows } = await db.query<Row>(
    `SELECT ${COLUMNS} FROM ${OPEN} AND s.project_id = $1 AND ($2::text IS NULL OR i.workflow_id = $2)
      ORDER BY s.created_at, s.id LIMIT $3`,
    [projectId, workflowId, limit],
  );
  return rows.map(toCommand);
}

type Waiting = ListCommands & { signal: AbortSignal };

/** What workers of the caller's project can take on, the oldest first; when there is nothing, as soon as there is, for so many seconds. */
export async function waitForCommands(
  caller: Caller,
  { wait, workflow_id, limit, signal }: Waiting,
): Promise<Command[]> {
  requireScope(caller, "read");
  const workflowId = workflow_id ?? null;
  const wanted = { projectId: caller.projectId, workflowId, limit };
  const open = await loadOpen(pool(), wanted);
  if (open.length > 0 || wait === 0) return open;
  const told = await theCommandWatch().wait(keyOf(caller.projectId, workflowId), { ms: wait * SECOND, signal });
  return told === null ? [] : loadOpen(pool(), wanted);
}

/** Takes a command on: one worker alone does, and only while its instance runs. Throws `already_claimed`, `not_found` and `forbidden`. */
export async function claimCommand(caller: Caller, id: string): Promise<Command> {
  requireScope(caller, "write");
  const { rows } = await pool().query<Row & { claimed_by: string | null; is_mine: boolean; project_id: string }>(
    `WITH taken AS (
       UPDATE replay_sessions SET claimed_at = now(), claimed_by = $3
        WHERE project_id = $1 AND id = $2 AND kind <> 'compare' AND claimed_at IS NULL
          AND EXISTS (SELECT FROM instances i WHERE i.project_id = $1 AND i.id = other_id AND i.status = 'running')
       RETURNING id)
     SELECT ${COLUMNS}, s.claimed_by, s.project_id, EXISTS (SELECT FROM taken) AS is_mine
       FROM replay_sessions s WHERE s.id = $2 AND s.kind <> 'compare'`,
    [caller.projectId, id, callerName(caller)],
  );
  const [command] = rows;
  requireOwn(caller, command?.project_id, "command");
  if (command === undefined) throw notFound("command");
  if (!command.is_mine) throw await refusal(pool(), caller.projectId, id);
  return toCommand(command);
}

/** Why a command cannot be taken on, as it is now: whoever was quicker may have committed since. */
async function refusal(db: Db, projectId: string, id: string): Promise<AppError> {
  const { rows } = await db.query<{ claimed_by: string | null; claimed_at: Date | null }>(
    "SELECT claimed_by, claimed_at FROM replay_sessions WHERE project_id = $1 AND id = $2",
    [projectId, id],
  );
  const { claimed_by: by = null, claimed_at: at = null } = rows[0] ?? {};
  if (at === null) return new AppError("conflict", "Its instance does not run any more.");
  return new AppError("already_claimed", `${by} has taken it on.`, {
    members: { claimed_by: by, claimed_at: at.toISOString() },
  });
}
