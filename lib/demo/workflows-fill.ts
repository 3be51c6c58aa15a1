import type { Caller } from "@/lib/auth/caller";
import { HOUR, iso } from "@/lib/core/time";
import { type Db, pool } from "@/lib/db/pool";
import { createWorkflow, deleteWorkflow, updateWorkflow } from "@/lib/workflows/commands";
import { lockWorkflows, workflowKey } from "@/lib/workflows/store/rows";
import { saveWork } from "@/lib/workflows/store/save";
import { type Player, playerOf, stagesOf } from "./live";
import type { Play } from "./stage-moment";
import { divide } from "./timeline";
import { researchAgent } from "./workflows-agent";
import { forkRejected } from "./workflows-fork";
import { rehearse } from "./workflows-replay";
import { orderImport, releasePipeline } from "./workflows-shop";

/** The name in the audit log under which the demonstration is written. */
export const DEMO_ACTOR = "system:demo";

/** The workflows of the demonstration, beside its checks. First the one whose id somebody else may have taken. */
export const PLAYS: Play[] = [researchAgent, orderImport, releasePipeline];

const NAMES = PLAYS.map(({ input }) => input.name);
const CHOSEN_IDS = PLAYS.flatMap(({ input }) => (input.kind === "dynamic" && input.id !== undefined ? [input.id] : []));

/**
 * The ids of workflows that are of the demonstration: those that carry a name or an id of it and that it made itself, says
 * the audit log. A workflow that somebody made later under the same id is not.
 */
async function demoIds(projectId: string): Promise<string[]> {
  const found = await pool().query<{ id: string }>(
    `SELECT w.id FROM workflows w
      WHERE w.project_id = $1 AND (w.name = ANY ($2) OR w.id = ANY ($3))
        AND $4 = (SELECT actor FROM audit_entries a
                   WHERE a.project_id = $1 AND a.subject_id = w.id AND a.action IN ('workflow.create', 'workflow.delete')
                   ORDER BY a.id DESC LIMIT 1)
      ORDER BY w.created_at, w.id`,
    [projectId, NAMES, CHOSEN_IDS, DEMO_ACTOR],
  );
  return found.rows.map(({ id }) => id);
}

/** Takes the workflows of the demonstration out, with their alerts. Returns how many that were. */
export async function removeWorkflows(caller: Caller): Promise<number> {
  const ids = await demoIds(caller.projectId);
  for (const id of ids) await deleteWorkflow(caller, id);
  // What was done with instances outlives them, but not the demonstration.
  await pool().query("DELETE FROM replay_sessions WHERE project_id = $1 AND actor = $2", [
    caller.projectId,
    DEMO_ACTOR,
  ]);
  await pool().query(
    "DELETE FROM alerts WHERE project_id = $1 AND subject_type = 'workflow' AND subject_id = ANY ($2)",
    [caller.projectId, ids],
  );
  return ids.length;
}

/** Whether a workflow of the demonstration is still there: to one that was removed nothing is to be sent any more. */
export async function isStillDemo(projectId: string, id: string): Promise<boolean> {
  return (await demoIds(projectId)).includes(id);
}

/** Makes the workflows, in the order of the cast, without history and with no channels. */
export async function makeWorkflows(caller: Caller): Promise<string[]> {
  const ids: string[] = [];
  for (const { input } of PLAYS) ids.push((await createWorkflow(caller, input)).id);
  return ids;
}

type Told = { projectId: string; ids: string[]; now: number };

/** Writes what was reported to them up to `now` (epoch milliseconds), and gives what is still to come. */
export async function tellWorkflows(tx: Db, { projectId, ids, now }: Told): Promise<Player[]> {
  const wanted = ids.map((id) => ({ projectId, id, open: 0, lackingFirst: 0, named: [] }));
  const { workflows } = await lockWorkflows(tx, wanted);
  const stories = PLAYS.map(({ input, timeline }, index) => {
    const id = ids[index] ?? "";
    const workflow = workflows.get(workflowKey(projectId, id));
    if (workflow === undefined) throw new Error(`${input.name} has been deleted meanwhile.`);
    const { past, rest } = divide(timeline(now), now);
    const work = rehearse(workflow, past, now);
    const player = playerOf({ is: "workflow", id, name: input.name }, stagesOf(workflow, rest));
    return { work, began: past[0]?.at ?? now, player };
  });
  await saveWork(
    tx,
    stories.map(({ work }) => work),
  );
  await forkRejected(tx, { projectId, workflowId: ids[0] ?? "", actor: DEMO_ACTOR });
  await dateBack(
    tx,
    projectId,
    stories.map(({ began, player }) => ({ id: player.id, at: began - HOUR })),
  );
  return stories.map(({ player }) => player);
}

/** Workflows are as old as their history, and somewhat older. */
async function dateBack(tx: Db, projectId: string, made: { id: string; at: number }[]): Promise<void> {
  const values = [projectId, made.map(({ id }) => id), made.map(({ at }) => iso(at))];
  const began = "unnest($2::text[], $3::timestamptz[]) AS b (id, at)";
  await tx.query(
    `UPDATE workflows w SET created_at = b.at, updated_at = b.at FROM ${began} WHERE w.project_id = $1 AND w.id = b.id`,
    values,
  );
  await tx.query(
    `UPDATE workflow_definitions d SET created_at = b.at FROM ${began} WHERE d.project_id = $1 AND d.workflow_id = b.id`,
    values,
  );
}

/** What is told of them from now on goes to this channel. */
export async function sendWorkflowsTo(caller: Caller, ids: string[], channelId: string): Promise<void> {
  for (const id of ids) await updateWorkflow(caller, id, { channels: [channelId] });
}
