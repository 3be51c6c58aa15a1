import { randomUUID } from "node:crypto";
import { acknowledgeAlert } from "@/lib/alerts/commands";
import { type Caller, SCOPES } from "@/lib/auth/caller";
import { createChannel } from "@/lib/channels/commands";
import { createCheck, deleteCheck, muteCheck, updateCheck } from "@/lib/checks/commands";
import { lockChecks } from "@/lib/checks/store/rows";
import { saveChanges } from "@/lib/checks/store/save";
import { HOUR, iso } from "@/lib/core/time";
import { type Db, pool } from "@/lib/db/pool";
import { transaction } from "@/lib/db/transaction";
import { env } from "@/lib/env";
import { fillApprovals, removeApprovals } from "./approvals-fill";
import { CAST } from "./cast";
import { type Player, playerOf, signalsOf } from "./live";
import { replay } from "./replay";
import { divide } from "./timeline";
import { DEMO_ACTOR, makeWorkflows, removeWorkflows, sendWorkflowsTo, tellWorkflows } from "./workflows-fill";

/** The demonstration as it was filled. `pingKey`: what stages are sent with. */
export type Demo = {
  projectId: string;
  projectName: string;
  pingKey: string;
  checks: Player[];
  workflows: Player[];
};

const MAILBOX = "Demo mailbox";
const SLUGS = CAST.map(({ input }) => input.slug);

/** The one who writes the demonstration into the first project. Throws an Error with one sentence when there is none. */
async function author(): Promise<Caller & { projectName: string; pingKey: string }> {
  const found = await pool().query<{ id: string; name: string; ping_key: string }>(
    "SELECT id, name, ping_key FROM projects ORDER BY created_at, id LIMIT 1",
  );
  const [project] = found.rows;
  if (project === undefined) throw new Error("There is no project to fill: create one in the dashboard first.");
  const scopes = new Set(SCOPES);
  const { id, name, ping_key: pingKey } = project;
  return { kind: "key", projectId: id, projectName: name, pingKey, actor: DEMO_ACTOR, scopes };
}

/** Takes the demonstration out of the first project, with its alerts. Returns how many of each were removed. */
export async function removeDemo(): Promise<{ checks: number; workflows: number; approvals: number }> {
  const caller = await author();
  const checks = await removeChecks(caller);
  const workflows = await removeWorkflows(caller);
  const approvals = await removeApprovals(caller.projectId);
  await pool().query("DELETE FROM channels WHERE project_id = $1 AND kind = 'email' AND name = $2", [
    caller.projectId,
    MAILBOX,
  ]);
  return { checks: checks.length, workflows, approvals };
}

/** Only checks that carry both the tag and a name of the cast: what people made themselves stays. */
async function removeChecks(caller: Caller): Promise<string[]> {
  const found = await pool().query<{ id: string }>(
    "SELECT id FROM checks WHERE project_id = $1 AND slug = ANY ($2) AND 'demo' = ANY (string_to_array(tags, ' '))",
    [caller.projectId, SLUGS],
  );
  const ids = found.rows.map(({ id }) => id);
  for (const id of ids) await deleteCheck(caller, id);
  await pool().query("DELETE FROM alerts WHERE project_id = $1 AND subject_id = ANY ($2)", [caller.projectId, ids]);
  return ids;
}

/**
 * Fills the first project with the demonstration, in place of an earlier one: checks and workflows with a quarter of
 * history, as if they had been watched all along, and approvals of which one waits. What is still to happen comes with each, for whoever sends it. Throws
 * `conflict` when somebody has made a workflow of their own under an id of the demonstration.
 */
export async function fillDemo(): Promise<Demo> {
  const caller = await author();
  await removeChecks(caller);
  await removeWorkflows(caller);
  await removeApprovals(caller.projectId);
  const workflowIds = await makeWorkflows(caller);
  const ids: string[] = [];
  for (const { input } of CAST) {
    const made = await createCheck(caller, { input, version: 3 });
    ids.push(made.check.id);
  }
  const { made, ...filled } = await tellHistory(caller, ids, workflowIds);
  await settle(caller, { ids, workflowIds, made });
  await fillApprovals(caller.projectId);
  const { projectId, projectName, pingKey } = caller;
  return { projectId, projectName, pingKey, ...filled };
}

type Filled = Pick<Demo, "checks" | "workflows"> & { made: number };

/** Writes what happened up to now, by the database's clock. */
function tellHistory(caller: Caller, ids: string[], workflowIds: string[]): Promise<Filled> {
  return transaction(async (tx) => {
    const { checks, made } = await tellChecks(tx, ids);
    const workflows = await tellWorkflows(tx, { projectId: caller.projectId, ids: workflowIds, now: made });
    await putAlertsInOrder(tx, caller.projectId, [...ids, ...workflowIds]);
    return { made, checks, workflows };
  });
}

async function tellChecks(tx: Db, ids: string[]): Promise<Pick<Filled, "made" | "checks">> {
  const { checks: locked, now } = await lockChecks(tx, ids);
  const stories = CAST.map(({ input, timeline }, index) => {
    const check = locked.get(ids[index] ?? "");
    if (check === undefined) throw new Error(`${input.name} has been deleted meanwhile.`);
    const { past, rest } = divide(timeline(now), now);
    const change = replay(check, past, { now, newRunId: randomUUID });
    const player = playerOf({ is: "check", id: check.id, name: input.name }, signalsOf(check.id, rest));
    return { change, began: past[0]?.at ?? now, player };
  });
  await saveChanges(
    tx,
    stories.map(({ change }) => change),
  );
  await tx.query(
    `UPDATE checks SET created_at = began FROM unnest($1::uuid[], $2::timestamptz[]) AS b (id, began) WHERE checks.id = b.id`,
    [stories.map(({ player }) => player.id), stories.map(({ began }) => iso(began - HOUR))],
  );
  return { made: now, checks: stories.map(({ player }) => player) };
}

/** Lists show alerts by their ids, so these are given anew as things happened. Nobody has been told of any. */
async function putAlertsInOrder(tx: Db, projectId: string, subjectIds: string[]): Promise<void> {
  await tx.query(
    `UPDATE alerts SET id = ordered.later
       FROM (SELECT id, nextval(pg_get_serial_sequence('alerts', 'id')) AS later
               FROM (SELECT id FROM alerts WHERE project_id = $1 AND subject_id = ANY ($2) ORDER BY occurred_at, id) AS told) AS ordered
      WHERE alerts.id = ordered.id`,
    [projectId, subjectIds],
  );
}

/** What people have done about it: channels, a muted check, an alert that somebody has seen. */
async function settle(
  caller: Caller,
  { ids, workflowIds, made }: { ids: string[]; workflowIds: string[]; made: number },
): Promise<void> {
  const channels = await mailbox(caller);
  if (channels !== "") await sendWorkflowsTo(caller, workflowIds, channels);
  for (const [index, { mutedMs, acknowledged }] of CAST.entries()) {
    const id = ids[index] ?? "";
    if (channels !== "") await updateCheck(caller, id, { input: { channels }, version: 3 });
    if (mutedMs !== undefined) await muteCheck(caller, id, made + mutedMs);
    if (acknowledged) await acknowledgeOpen(caller, id);
  }
}

/** The channel that mails go to. None where mails really leave: nobody has asked for these. */
async function mailbox(caller: Caller): Promise<string> {
  if (env().RESEND_API_KEY !== undefined) return "";
  const found = await pool().query<{ id: string }>(
    "SELECT id FROM channels WHERE project_id = $1 AND kind = 'email' AND name = $2 ORDER BY created_at LIMIT 1",
    [caller.projectId, MAILBOX],
  );
  const config = { to: "team@example.org" };
  return found.rows[0]?.id ?? (await createChannel(caller, { kind: "email", name: MAILBOX, events: [], config })).id;
}

async function acknowledgeOpen(caller: Caller, checkId: string): Promise<void> {
  const open = await pool().query<{ id: number }>(
    "SELECT id FROM alerts WHERE project_id = $1 AND subject_id = $2 AND resolved_at IS NULL",
    [caller.projectId, checkId],
  );
  for (const { id } of open.rows) await acknowledgeAlert(caller, id);
}
