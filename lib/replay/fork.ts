import { raiseAlerts } from "@/lib/alerts/raise";
import { type Caller, callerName, requireScope } from "@/lib/auth/caller";
import { AppError, notFound } from "@/lib/core/errors";
import { type Db, pool } from "@/lib/db/pool";
import { transaction } from "@/lib/db/transaction";
import { addInstance } from "@/lib/workflows/add-instance";
import { definitionOf, type LoadedInstance, type LoadedWorkflow } from "@/lib/workflows/loaded";
import { parsePath } from "@/lib/workflows/path";
import { requireInstance } from "@/lib/workflows/read/own";
import { beginWith } from "@/lib/workflows/state";
import { lockWorkflows, workflowKey } from "@/lib/workflows/store/rows";
import { saveWork } from "@/lib/workflows/store/save";
import { startWork, type Work } from "@/lib/workflows/work";
import { copySteps, findPrefix, type Prefix } from "./copy";
import type { Forked, ForkInstance, Rerun, RerunInstance } from "./schema";
import { storeSession } from "./sessions";
import { type ResumeAfter, requestedAlert, toCommand } from "./worker-command";

type Patches = Record<string, Record<string, unknown>>;
type Locked = { workflow: LoadedWorkflow; origin: LoadedInstance; now: number };

/** The origin, which stays until the transaction ends, its workflow locked. Throws `not_found` when it has gone meanwhile. */
async function lockOrigin(tx: Db, { projectId }: Caller, place: { workflowId: string; id: string }): Promise<Locked> {
  const wanted = { projectId, id: place.workflowId, open: 0, lackingFirst: 0, named: [place.id] };
  const { workflows, now } = await lockWorkflows(tx, [wanted]);
  const workflow = workflows.get(workflowKey(projectId, place.workflowId));
  const origin = workflow?.instances.find(({ id }) => id === place.id);
  // What has ended is removed without the lock of its workflow.
  const kept = await tx.query("SELECT FROM instances WHERE project_id = $1 AND id = $2 FOR KEY SHARE", [
    projectId,
    place.id,
  ]);
  if (workflow === undefined || origin === undefined || kept.rowCount === 0) throw notFound("instance");
  return { workflow, origin, now };
}

/** Throws `unknown_stage` for a patch of a stage that the workflow does not declare: it would never be used. */
function requireDeclared({ workflow, origin }: Locked, patches: Patches): void {
  const { kind, stages } = definitionOf(workflow, origin.version);
  const declared = new Set(stages.map((_, index) => String(index + 1)));
  const unknown = Object.keys(patches).find((path) => !declared.has(path));
  if (kind === "static" && unknown !== undefined) throw unknownStage(`payload_modifications.${unknown}`, unknown);
}

function unknownStage(name: string, stage: string): AppError {
  const reason = `The instance has no stage ${stage}.`;
  return new AppError("unknown_stage", reason, { invalidParams: [{ name, reason }] });
}

/** What `origin` hands over. In its own version: its stages were those of that. */
function takeOver({ workflow, origin, now }: Locked, prefix: Prefix, overrides: Patches) {
  const definition = definitionOf(workflow, origin.version);
  return {
    state: beginWith(prefix, { definition, now }),
    version: origin.version,
    agentCode: prefix.nSteps === 0 ? null : origin.agentCode,
    lastAgent: prefix.lastAgent,
    costMicros: prefix.costMicros,
    nCopied: prefix.nSteps,
    copiedCostMicros: prefix.costMicros,
    overrides,
  };
}

type Made = {
  instance: LoadedInstance;
  origin: LoadedInstance;
  prefix: Prefix;
  stage: string | null;
  sessionId: string;
};

/** What tells a fork from any other instance. */
async function saveLineage(tx: Db, projectId: string, made: Made): Promise<void> {
  const { instance, origin, prefix, stage, sessionId } = made;
  await tx.query(
    `UPDATE instances SET origin_id = $3, fork_from_stage = $4, session_id = $5, n_copied = $6, copied_cost_micros = $7, payload_overrides = $8
      WHERE project_id = $1 AND id = $2`,
    [
      projectId,
      instance.id,
      origin.id,
      stage,
      sessionId,
      prefix.nSteps,
      prefix.costMicros,
      JSON.stringify(instance.overrides),
    ],
  );
}

/** Bytes of a payload, as JSON, that are told with a command; it is stored with the session and its alert as well. */
const MAX_TOLD = 16_000;

/** The last step of what was copied, as it is in the new instance. */
async function lastStep(tx: Db, projectId: string, { id, nSteps }: LoadedInstance): Promise<ResumeAfter | null> {
  const { rows } = await tx.query<ResumeAfter>(
    `SELECT ordinal AS step, path AS stage_path, stage_name, agent AS agent_code,
            CASE WHEN octet_length(payload::text) <= ${MAX_TOLD} THEN payload END AS payload,
            coalesce(octet_length(payload::text) > ${MAX_TOLD}, false) AS payload_left_out
       FROM stage_executions WHERE project_id = $1 AND instance_id = $2 AND ordinal = $3`,
    [projectId, id, nSteps - 1],
  );
  return rows[0] ?? null;
}

type Asked = { stage: string | null; patches: Patches; reason: string | null };
type Making = Locked & Asked & { caller: Caller; prefix: Prefix };

/** Keeps who asked for the new instance, and tells workers. Gives the id of the session. */
async function request(tx: Db, made: LoadedInstance, making: Making): Promise<string> {
  const { caller, workflow, origin, stage, patches, reason, prefix } = making;
  const kind = stage === null ? "rerun" : "fork";
  const parts = {
    workflow_id: workflow.id,
    workflow_kind: workflow.kind,
    stages_copied: prefix.nSteps,
    resume_after: await lastStep(tx, caller.projectId, made),
    payload_overrides: made.overrides ?? {},
  };
  const { id, createdAt } = await storeSession(tx, caller, {
    kind,
    workflowId: workflow.id,
    instanceId: origin.id,
    otherId: made.id,
    reason,
    inputs: { ...(stage !== null && { fork_from_stage: stage }), payload_modifications: patches },
    result: parts,
  });
  const command = toCommand({
    id,
    kind,
    instance_id: origin.id,
    other_id: made.id,
    fork_from_stage: stage,
    reason,
    actor_name: callerName(caller),
    created_at: createdAt,
    parts,
  });
  await raiseAlerts(tx, [requestedAlert(command, { workflow, instance: made, originSeq: origin.seq, at: making.now })]);
  return id;
}

async function store(tx: Db, work: Work, making: Making): Promise<{ id: string; sessionId: string }> {
  const { caller, origin, patches, prefix, stage } = making;
  const paths = new Set(prefix.paths);
  const [now, later] = [true, false].map((isNow) =>
    Object.fromEntries(Object.entries(patches).filter(([path]) => paths.has(path) === isNow)),
  );
  const instance = addInstance(work, takeOver(making, prefix, later ?? {}), making.now);
  await saveWork(tx, [work]);
  const from = { projectId: caller.projectId, id: origin.id };
  await copySteps(tx, { from, to: instance.id, nSteps: prefix.nSteps, patches: now ?? {} });
  const sessionId = await request(tx, instance, making);
  await saveLineage(tx, caller.projectId, { instance, origin, prefix, stage, sessionId });
  return { id: instance.id, sessionId };
}

/** What is copied up to a stage; null for what is no stage, or none that the instance has. */
function prefixOf(tx: Db, origin: { projectId: string; id: string }, stage: string): Promise<Prefix | null> | null {
  return parsePath(stage) === null ? null : findPrefix(tx, origin, stage);
}

const NOTHING: Prefix = { nSteps: 0, costMicros: 0, paths: [], lastAgent: null };

/** Makes an instance from another, in one transaction: with the steps up to a stage, or without any. */
async function make(caller: Caller, id: string, asked: Asked) {
  requireScope(caller, "write");
  const workflowId = await requireInstance(caller, id, pool());
  return transaction(async (tx) => {
    const locked = await lockOrigin(tx, caller, { workflowId, id });
    requireDeclared(locked, asked.patches);
    const { stage } = asked;
    const place = { projectId: caller.projectId, id };
    const prefix = stage === null ? NOTHING : await prefixOf(tx, place, stage);
    if (prefix === null) throw unknownStage("fork_from_stage", stage ?? "");
    const made = await store(tx, startWork(locked.workflow), { ...locked, ...asked, caller, prefix });
    return { ...made, nSteps: prefix.nSteps };
  });
}

/**
 * Forks an instance: a new one runs that has all its steps up to and with the newest of a stage, copied, with merge patches for
 * payloads (public contract §7). The origin stays as it is. Throws `unknown_stage`, `not_found` and `forbidden`.
 */
export async function forkInstance(caller: Caller, id: string, body: ForkInstance): Promise<Forked> {
  const { fork_from_stage: stage, payload_modifications: patches, reason = null } = body;
  const made = await make(caller, id, { stage, patches, reason });
  return {
    forked_instance_id: made.id,
    session_id: made.sessionId,
    fork_from_stage: stage,
    stages_copied: made.nSteps,
  };
}

/** Begins an instance anew that does what another did, with merge patches for its stages as they come. Throws as `forkInstance` does. */
export async function rerunInstance(caller: Caller, id: string, body: RerunInstance): Promise<Rerun> {
  const { payload_modifications: patches, reason = null } = body;
  const made = await make(caller, id, { stage: null, patches, reason });
  return {
    new_instance_id: made.id,
    session_id: made.sessionId,
    message: "Instance created and ready for re-execution",
  };
}
