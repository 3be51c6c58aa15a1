import type { Db } from "@/lib/db/pool";
import type { Definition } from "@/lib/workflows/definition";

/** A workflow to be made. */
export type NewWorkflow = { projectId: string; id: string; name: string; definition: Definition; allChannels: boolean };

/** Adds a workflow with its first definition; false when the project has one of that id already, which waits for another who makes it. */
export async function insertWorkflow(
  tx: Db,
  { projectId, id, name, definition, allChannels }: NewWorkflow,
): Promise<boolean> {
  const inserted = await tx.query({
    name: "insert-workflow",
    text: `WITH made AS (
             INSERT INTO workflows (project_id, id, kind, name, all_channels) VALUES ($1, $2, $3, $4, $6)
             ON CONFLICT DO NOTHING RETURNING project_id, id, version)
           INSERT INTO workflow_definitions (project_id, workflow_id, version, rules)
           SELECT project_id, id, version, $5 FROM made`,
    values: [projectId, id, definition.kind, name, JSON.stringify(definition), allChannels],
  });
  return inserted.rowCount === 1;
}
