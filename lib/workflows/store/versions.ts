import type { Db } from "@/lib/db/pool";
import { Definition } from "@/lib/workflows/definition";

type Place = { projectId: string; id: string };

/** What this version of a workflow asks of its instances. */
export async function loadVersion(tx: Db, { projectId, id }: Place, version: number): Promise<Definition> {
  const { rows } = await tx.query<{ rules: unknown }>(
    "SELECT rules FROM workflow_definitions WHERE project_id = $1 AND workflow_id = $2 AND version = $3",
    [projectId, id, version],
  );
  return Definition.parse(rows[0]?.rules);
}

/** Adds a version of a workflow. */
export async function insertVersion(
  tx: Db,
  { projectId, id, version }: Place & { version: number },
  rules: Definition,
): Promise<void> {
  await tx.query("INSERT INTO workflow_definitions (project_id, workflow_id, version, rules) VALUES ($1, $2, $3, $4)", [
    projectId,
    id,
    version,
    JSON.stringify(rules),
  ]);
}
