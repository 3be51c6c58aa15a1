import type { Db } from "@/lib/db/pool";
import { env } from "@/lib/env";
import { Definition, type Kind } from "@/lib/workflows/definition";
import type { InstanceStatus, Workflow, WorkflowHealth } from "@/lib/workflows/schema";
import { MICROS } from "./position";

/** More running instances are not counted. */
const MAX_COUNTED = 10_000;

type Row = {
  id: string;
  kind: Kind;
  name: string;
  version: number;
  muted_until: Date | null;
  created_at: Date;
  updated_at: Date;
  position: number;
  rules: unknown;
  channels: string[] | null;
  running: number;
  is_under_way: boolean;
  ended_as: InstanceStatus | null;
  last_id: string | null;
  last_status: InstanceStatus;
  last_started_at: Date;
  last_ended_at: Date | null;
};

export type Found = { workflow: Workflow; position: number };
type Asked = { where: string; values: unknown[]; limit: number };

const OF_IT = "i.project_id = w.project_id AND i.workflow_id = w.id";

/** Of the newest one of each outcome the one that ended last: the last of all, unless older ones ended after both. */
const OUTCOME = `SELECT e.status FROM unnest('{completed,failed,terminated}'::instance_status[]) AS s (status)
  CROSS JOIN LATERAL (SELECT i.status, i.ended_at FROM instances i WHERE ${OF_IT} AND i.status = s.status
                       ORDER BY i.started_at DESC, i.seq DESC LIMIT 1) e
  ORDER BY e.ended_at DESC NULLS LAST LIMIT 1`;

const statement = ({ where, limit }: Asked): string => `
  SELECT w.*, ${MICROS("w.created_at")} AS position, d.rules, o.status AS ended_as,
         l.id AS last_id, l.status AS last_status, l.started_at AS last_started_at, l.ended_at AS last_ended_at,
         CASE WHEN NOT w.all_channels THEN ARRAY(
           SELECT c.channel_id::text FROM workflow_channels c
            WHERE c.project_id = w.project_id AND c.workflow_id = w.id ORDER BY c.channel_id) END AS channels,
         (SELECT count(*) FROM (SELECT FROM instances i WHERE ${OF_IT} AND i.status = 'running' LIMIT ${MAX_COUNTED}) r) AS running,
         EXISTS (SELECT FROM instances i WHERE ${OF_IT} AND i.status IN ('running', 'paused')) AS is_under_way
    FROM (SELECT project_id, id, kind, name, version, all_channels, muted_until, created_at, updated_at FROM workflows
           WHERE ${where} ORDER BY created_at DESC, id DESC LIMIT ${limit}) w
    JOIN workflow_definitions d ON d.project_id = w.project_id AND d.workflow_id = w.id AND d.version = w.version
    LEFT JOIN LATERAL (SELECT i.id, i.status, i.started_at, i.ended_at FROM instances i WHERE ${OF_IT}
                        ORDER BY i.started_at DESC, i.seq DESC LIMIT 1) l ON true
    LEFT JOIN LATERAL (${OUTCOME}) o ON true
   ORDER BY w.created_at DESC, w.id DESC`;

function healthOf({ ended_as, is_under_way }: Row): WorkflowHealth {
  if (ended_as !== null && ended_as !== "completed") return "failing";
  if (is_under_way) return "running";
  return ended_as === null ? "new" : "healthy";
}

/** Where stages of this workflow are reported. */
export function stageUrl(kind: Kind, id: string): string {
  return `${env().BASE_URL}/${kind === "static" ? "shk" : "dhk"}/${id}`;
}

function lastInstance(row: Row): Workflow["last_instance"] {
  if (row.last_id === null) return null;
  return {
    id: row.last_id,
    status: row.last_status,
    started_at: row.last_started_at.toISOString(),
    completed_at: row.last_ended_at?.toISOString() ?? null,
  };
}

function toWorkflow(row: Row): Workflow {
  const rules = Definition.parse(row.rules);
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    validation_mode: rules.mode,
    strict_agents: rules.strictAgents,
    grace_period_seconds: rules.graceSeconds,
    instance_timeout_seconds: rules.instanceTimeoutSeconds,
    stages: rules.stages.map(({ name, timeoutSeconds }, index) => ({
      order: index + 1,
      name,
      timeout_seconds: timeoutSeconds,
    })),
    channels: row.channels,
    version: row.version,
    health: healthOf(row),
    running_instances: row.running,
    last_instance: lastInstance(row),
    muted_until: row.muted_until?.toISOString() ?? null,
    url: stageUrl(row.kind, row.id),
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  };
}

/** Workflows by these conditions on columns of `workflows`, newest first, as callers see them. */
export async function loadWorkflows(db: Db, asked: Asked): Promise<Found[]> {
  const { rows } = await db.query<Row>(statement(asked), asked.values);
  return rows.map((row) => ({ workflow: toWorkflow(row), position: row.position }));
}
