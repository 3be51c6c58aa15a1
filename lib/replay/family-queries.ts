import type { Caller } from "@/lib/auth/caller";
import { type Db, pool } from "@/lib/db/pool";
import type { InstanceView } from "@/lib/workflows/instance/view-queries";
import { stageUrl } from "@/lib/workflows/read/workflow-rows";
import { continueCommand } from "./forking/continue";
import { getLineage } from "./lineage";
import type { LineageNode, ReplaySession } from "./schema";
import { listSessions } from "./sessions";

const MAX_SESSIONS = 10;

/** Where an instance comes from, what came of it, and how to go on with it. */
export type Family = {
  nodes: LineageNode[];
  isWhole: boolean;
  /** The newest things that were done with it. */
  sessions: ReplaySession[];
  /** Merge patches for stages to come, by path. */
  overrides: Record<string, unknown>;
  /** What reports its next stage from a shell. */
  command: string;
};

type Row = { payload_overrides: Record<string, unknown> | null };

/** The family of an instance whose page is shown. Throws `not_found` and `forbidden`. */
export async function getFamily(caller: Caller, view: InstanceView, db: Db = pool()): Promise<Family> {
  const { instance, workflow, definition, stages, pending } = view;
  const [{ nodes, is_whole: isWhole }, sessions, { rows }] = await Promise.all([
    getLineage(caller, instance.id),
    listSessions(caller, instance.id, { limit: MAX_SESSIONS }),
    db.query<Row>("SELECT payload_overrides FROM instances WHERE project_id = $1 AND id = $2", [
      caller.projectId,
      instance.id,
    ]),
  ]);
  return {
    nodes,
    isWhole,
    sessions: sessions.items,
    overrides: rows[0]?.payload_overrides ?? {},
    command: continueCommand({
      url: stageUrl(definition.kind, workflow.id),
      kind: definition.kind,
      instanceId: instance.id,
      reached: stages.map(({ path }) => path),
      pending: pending.map(({ path }) => path),
    }),
  };
}
