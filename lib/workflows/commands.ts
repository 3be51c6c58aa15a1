import { requireMuteTime } from "@/lib/alerts/mute";
import { settleAlerts } from "@/lib/alerts/settle";
import { withdrawLimits } from "@/lib/approvals/withdraw";
import { audit } from "@/lib/auth/audit";
import { type Caller, requireScope } from "@/lib/auth/caller";
import { AppError, invalid, notFound } from "@/lib/core/errors";
import { randomLower } from "@/lib/core/ids";
import { iso } from "@/lib/core/time";
import { type Db, pool } from "@/lib/db/pool";
import { transaction } from "@/lib/db/transaction";
import { refuseWorkflow, requireWorkflow } from "@/lib/workflows/read/own";
import { loadWorkflows } from "@/lib/workflows/read/workflow-rows";
import { chooseChannels } from "@/lib/workflows/store/chosen-channels";
import { insertWorkflow } from "@/lib/workflows/store/insert";
import { removeEnded } from "@/lib/workflows/store/remove";
import { insertVersion, loadVersion } from "@/lib/workflows/store/versions";
import { OPEN_TYPES } from "./alert";
import { EVENT_OF } from "./cost-alert";
import type { Kind } from "./definition";
import { actorOf } from "./move-instance";
import { editedRules, rulesOf } from "./rules-of";
import { type CreateWorkflow, type UpdateWorkflow, WORKFLOW_ID, type Workflow } from "./schema";

type Locked = { kind: Kind; version: number; now: number };
type Change = { tx: Db; place: { projectId: string; id: string }; workflow: Locked };

async function view(tx: Db, { projectId, id }: Change["place"]): Promise<Workflow> {
  const [found] = await loadWorkflows(tx, { where: "project_id = $1 AND id = $2", values: [projectId, id], limit: 1 });
  if (found === undefined) throw notFound("workflow");
  return found.workflow;
}

/** Locks a workflow of the caller's project, which is the lock of its instances. `now` is after the lock was granted. */
async function lock(tx: Db, caller: Caller, id: string): Promise<Locked> {
  if (!WORKFLOW_ID.test(id)) throw notFound("workflow");
  const { rows } = await tx.query<Locked>(
    `WITH locked AS MATERIALIZED (
       SELECT kind, version FROM workflows WHERE project_id = $1 AND id = $2 FOR NO KEY UPDATE)
     SELECT kind, version, round(date_part('epoch', clock_timestamp()) * 1000) AS now FROM locked`,
    [caller.projectId, id],
  );
  return rows[0] ?? refuseWorkflow(caller, id, tx);
}

/** Locks a workflow of the caller's project, works on it, and notes who did so; all in one transaction. */
async function change<T>(
  caller: Caller,
  asked: { id: string; action: string },
  work: (change: Change) => Promise<T>,
): Promise<T> {
  requireScope(caller, "write");
  return transaction(async (tx) => {
    const workflow = await lock(tx, caller, asked.id);
    await audit(tx, caller, { action: asked.action, subjectId: asked.id });
    return work({ tx, place: { projectId: caller.projectId, id: asked.id }, workflow });
  });
}

function idOf(input: CreateWorkflow): string {
  if (input.kind === "static") return `swf${randomLower(16)}`;
  return input.id ?? `dwf_${randomLower(16)}`;
}

/** Makes a workflow. Throws `conflict` when the project has one of the id that is asked for. */
export async function createWorkflow(caller: Caller, input: CreateWorkflow): Promise<Workflow> {
  requireScope(caller, "write");
  const place = { projectId: caller.projectId, id: idOf(input) };
  const made = { ...place, name: input.name, definition: rulesOf(input), allChannels: input.channels === null };
  return transaction(async (tx) => {
    if (!(await insertWorkflow(tx, made))) {
      throw new AppError("conflict", `There is a workflow with the id ${place.id} already.`);
    }
    if (input.channels !== null) await chooseChannels(tx, place, input.channels);
    await audit(tx, caller, { action: "workflow.create", subjectId: place.id });
    return view(tx, place);
  });
}

/** Gives it a new version when the patch changes what it asks of its instances. */
async function saveRules({ tx, place, workflow }: Change, patch: UpdateWorkflow): Promise<void> {
  const before = await loadVersion(tx, place, workflow.version);
  const after = editedRules(before, patch);
  if (JSON.stringify(before) === JSON.stringify(after)) return;
  const version = workflow.version + 1;
  await insertVersion(tx, { ...place, version }, after);
  await tx.query("UPDATE workflows SET version = $3 WHERE project_id = $1 AND id = $2", [
    place.projectId,
    place.id,
    version,
  ]);
}

/** Changes what the patch names and leaves the rest. Instances that are under way keep to the version they began with. */
export function updateWorkflow(caller: Caller, id: string, patch: UpdateWorkflow): Promise<Workflow> {
  return change(caller, { id, action: "workflow.update" }, async (changed) => {
    const { tx, place, workflow } = changed;
    if (workflow.kind === "dynamic" && patch.stages !== undefined) {
      throw invalid("stages", "are declared by static workflows only");
    }
    await saveRules(changed, patch);
    if (patch.channels !== undefined) await chooseChannels(tx, place, patch.channels);
    await tx.query(
      "UPDATE workflows SET name = coalesce($3, name), updated_at = now() WHERE project_id = $1 AND id = $2",
      [place.projectId, place.id, patch.name ?? null],
    );
    return view(tx, place);
  });
}

/** Sends its alerts to nobody until then (epoch milliseconds), or from now on again with null. */
export function muteWorkflow(caller: Caller, id: string, until: number | null): Promise<Workflow> {
  const action = until === null ? "workflow.unmute" : "workflow.mute";
  return change(caller, { id, action }, async ({ tx, place, workflow }) => {
    requireMuteTime(until, workflow.now);
    const values = [place.projectId, place.id, iso(until)];
    await tx.query("UPDATE workflows SET muted_until = $3 WHERE project_id = $1 AND id = $2", values);
    return view(tx, place);
  });
}

/** Its instances that are paused, whose limits people may have been asked to raise. */
async function loadPaused(tx: Db, { projectId, workflowId }: { projectId: string; workflowId: string }) {
  const { rows } = await tx.query<{ id: string }>(
    "SELECT id FROM instances WHERE project_id = $1 AND workflow_id = $2 AND status = 'paused'",
    [projectId, workflowId],
  );
  return rows.map(({ id: instanceId }) => ({ projectId, instanceId }));
}

/** Removes a workflow with its instances and all else of it, and takes back what people were asked about its limits. Alerts stay in the log; open ones are resolved. */
export async function deleteWorkflow(caller: Caller, id: string): Promise<void> {
  requireScope(caller, "write");
  await requireWorkflow(caller, id, pool());
  // What has ended goes before, without the lock: a million steps must not keep signals waiting.
  const place = { projectId: caller.projectId, workflowId: id };
  await removeEnded(place, { isOld: "true", deadline: Number.POSITIVE_INFINITY });
  await change(caller, { id, action: "workflow.delete" }, async ({ tx, workflow }) => {
    const { projectId } = caller;
    await settleAlerts(
      tx,
      [...OPEN_TYPES, ...Object.values(EVENT_OF)].map((type) => ({ projectId, type, subjectId: id, at: workflow.now })),
    );
    await withdrawLimits(tx, await loadPaused(tx, { projectId, workflowId: id }), actorOf(caller));
    // Another workflow may get the id, and must not answer for this one.
    await tx.query(
      "DELETE FROM idempotency_keys WHERE project_id = $1 AND split_part(route, ' ', 2) IN ('/dhk/' || $2, '/shk/' || $2)",
      [projectId, id],
    );
    await tx.query("DELETE FROM workflows WHERE project_id = $1 AND id = $2", [projectId, id]);
  });
}
