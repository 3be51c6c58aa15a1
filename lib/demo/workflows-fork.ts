import { randomLower } from "@/lib/core/ids";
import { MINUTE } from "@/lib/core/time";
import { saveRollups } from "@/lib/costs/store/rollups";
import type { Db } from "@/lib/db/pool";
import { copySteps, findPrefix, type Prefix } from "@/lib/replay/copy";
import { NOTHING_TOLD } from "@/lib/workflows/step";
import { lockWorkflows, workflowKey } from "@/lib/workflows/store/rows";
import { type NewStep, startWork } from "@/lib/workflows/work";

/** The name under which the fork was asked for. */
const WHO = "Ann (demonstration)";
const WHY = "Two prices had no source: let it read more pages first";
const MORE_SOURCES = { sources: 24 };
const MORE_TOKENS = 9000;
/** Micro-dollars for a token that goes into the writer's model. */
const MICROS_PER_TOKEN = 3;

type Place = { projectId: string; workflowId: string; actor: string };
type Origin = { id: string; endedAt: Date; stage: string };

/** The newest run whose first draft was rejected, and the stage at which its research was done. */
async function findOrigin(tx: Db, { projectId, workflowId }: Place): Promise<Origin | undefined> {
  const { rows } = await tx.query<Origin>(
    `SELECT i.id, i.ended_at AS "endedAt", s.path AS stage
       FROM instances i
       JOIN stage_executions s ON s.project_id = i.project_id AND s.instance_id = i.id AND s.ordinal = 3
      WHERE i.project_id = $1 AND i.workflow_id = $2 AND i.status = 'completed' AND i.n_steps = 8
      ORDER BY i.started_at DESC LIMIT 1`,
    [projectId, workflowId],
  );
  return rows[0];
}

type Fork = Place & { id: string; origin: Origin; at: number; prefix: Prefix };

/** The draft and the review that came of it: the draft is longer and dearer, and good at once. */
async function addSteps(tx: Db, { projectId, id, origin, at }: Fork): Promise<void> {
  const payloads = [
    { version: 1, words: 2140, sources: MORE_SOURCES.sources },
    { verdict: "approved", version: 1 },
  ];
  await tx.query(
    `INSERT INTO stage_executions (project_id, instance_id, ordinal, path, at, status, stage_name, agent, is_final, response_time_ms, model_id,
                                   input_tokens, output_tokens, cost_micros, context_size_bytes, handoff_reason, usage, tags, payload)
     SELECT s.project_id, $3, n.ordinal, s.path, n.at, s.status, s.stage_name, s.agent, s.is_final, s.response_time_ms, s.model_id,
            s.input_tokens + n.more, s.output_tokens, s.cost_micros + n.more * ${MICROS_PER_TOKEN}, s.context_size_bytes + n.more * 4, s.handoff_reason,
            s.usage || jsonb_build_object('input_tokens', s.input_tokens + n.more, 'total_tokens', s.input_tokens + s.output_tokens + n.more), s.tags, n.payload
       FROM unnest($4::int[], $5::int[], $6::timestamptz[], $7::int[], $8::jsonb[]) AS n (was, ordinal, at, more, payload)
       JOIN stage_executions s ON s.project_id = $1 AND s.instance_id = $2 AND s.ordinal = n.was`,
    [
      projectId,
      origin.id,
      id,
      [4, 7],
      [4, 5],
      [at + 2 * MINUTE, at + 3 * MINUTE].map((moment) => new Date(moment)),
      [MORE_TOKENS, 0],
      payloads.map((payload) => JSON.stringify(payload)),
    ],
  );
}

async function addInstance(tx: Db, { projectId, workflowId, id, origin, at, prefix }: Fork): Promise<void> {
  await tx.query(
    `WITH w AS (UPDATE workflows SET n_instances = n_instances + 1 WHERE project_id = $1 AND id = $2 RETURNING n_instances)
     INSERT INTO instances (project_id, workflow_id, id, seq, version, status, started_at, ended_at, agent_code, last_agent, last_agent_at, n_steps,
                            top, last_signal_at, progress_at, origin_id, fork_from_stage, n_copied, copied_cost_micros, payload_overrides)
     SELECT $1, $2, $3, w.n_instances, o.version, 'completed', $5, $6, o.agent_code, o.last_agent, $6, $7 + 2,
            o.top, $6, $6, o.id, $8, $7, $9, '{}'
       FROM w, instances o WHERE o.project_id = $1 AND o.id = $4`,
    [
      projectId,
      workflowId,
      id,
      origin.id,
      new Date(at),
      new Date(at + 3 * MINUTE),
      prefix.nSteps,
      origin.stage,
      prefix.costMicros,
    ],
  );
}

/** Keeps who asked for it and why, and what it cost. */
async function settle(tx: Db, { projectId, id, origin, at, actor }: Fork): Promise<void> {
  const inputs = { fork_from_stage: origin.stage, payload_modifications: { [origin.stage]: MORE_SOURCES } };
  await tx.query(
    `WITH s AS (INSERT INTO replay_sessions (project_id, kind, instance_id, other_id, actor, actor_name, reason, inputs, created_at, claimed_at, claimed_by)
                VALUES ($1, 'fork', $3, $2, $4, $5, $6, $7, $8, $8, 'research-worker-1') RETURNING id)
     UPDATE instances i SET session_id = s.id, cost_micros = c.micros
       FROM s, (SELECT coalesce(sum(cost_micros), 0) AS micros FROM stage_executions WHERE project_id = $1 AND instance_id = $2) c
      WHERE i.project_id = $1 AND i.id = $2`,
    [projectId, id, origin.id, actor, WHO, WHY, JSON.stringify(inputs), new Date(at)],
  );
}

type OwnRow = {
  ordinal: number;
  at: Date;
  path: string;
  agent: string | null;
  modelId: string | null;
  inputTokens: number | null;
  outputTokens: number | null;
  costMicros: number | null;
  tags: string[] | null;
};

/** The steps it did not copy, as far as sums of costs ask about them. */
async function ownSteps(tx: Db, { projectId, id, prefix }: Fork): Promise<NewStep[]> {
  const { rows } = await tx.query<OwnRow>(
    `SELECT ordinal, at, path, agent, model_id AS "modelId", input_tokens AS "inputTokens", output_tokens AS "outputTokens",
            cost_micros AS "costMicros", tags
       FROM stage_executions WHERE project_id = $1 AND instance_id = $2 AND ordinal >= $3`,
    [projectId, id, prefix.nSteps],
  );
  return rows.map(({ ordinal, at, path, agent, ...told }) => ({
    projectId,
    instanceId: id,
    ordinal,
    at: at.getTime(),
    isFailed: false,
    report: { path, stageName: null, agent, isFinal: false, detail: { ...NOTHING_TOLD, ...told } },
  }));
}

/** Counts what it cost by itself, as is done for every instance. */
async function count(tx: Db, fork: Fork): Promise<void> {
  const { projectId, workflowId, id } = fork;
  const wanted = { projectId, id: workflowId, open: 0, lackingFirst: 0, named: [id] };
  const { workflows } = await lockWorkflows(tx, [wanted]);
  const workflow = workflows.get(workflowKey(projectId, workflowId));
  if (workflow === undefined) return;
  const work = startWork(workflow);
  work.begun.add(id);
  work.changed.add(id);
  work.steps = await ownSteps(tx, fork);
  await saveRollups(tx, [work]);
}

/** A while after a draft was rejected, somebody forked that run after its research, let it read more, and saved a draft. */
export async function forkRejected(tx: Db, place: Place): Promise<void> {
  const origin = await findOrigin(tx, place);
  if (origin === undefined) return;
  const from = { projectId: place.projectId, id: origin.id };
  const prefix = await findPrefix(tx, from, origin.stage);
  if (prefix === null) return;
  const id = `d${randomLower(16)}`;
  const fork = { ...place, id, origin, prefix, at: origin.endedAt.getTime() + 20 * MINUTE };
  await addInstance(tx, fork);
  await copySteps(tx, { from, to: id, nSteps: prefix.nSteps, patches: { [origin.stage]: MORE_SOURCES } });
  await addSteps(tx, fork);
  await settle(tx, fork);
  await count(tx, fork);
}
