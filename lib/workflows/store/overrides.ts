import type { Db } from "@/lib/db/pool";
import type { LoadedWorkflow } from "@/lib/workflows/loaded";

type Row = { instance_id: string; path: string; patch: unknown };

/**
 * Gives loaded instances that are forks their patches for the paths that are reported. Nothing is asked while there is none:
 * patches may be large, and few signals are for a fork.
 */
export async function loadOverrides(
  tx: Db,
  workflows: Iterable<LoadedWorkflow>,
  paths: Iterable<string>,
): Promise<void> {
  const forks = [...workflows].flatMap(({ projectId, instances }) =>
    instances.flatMap(({ id, overrides }) => (overrides === null ? [] : [{ projectId, id, overrides }])),
  );
  if (forks.length === 0) return;
  const { rows } = await tx.query<Row>({
    name: "load-overrides",
    text: `SELECT i.id AS instance_id, p.path, i.payload_overrides -> p.path AS patch
             FROM unnest($1::uuid[], $2::text[]) AS f (project_id, id) JOIN instances i USING (project_id, id), unnest($3::text[]) AS p (path)
            WHERE i.payload_overrides ? p.path`,
    values: [forks.map(({ projectId }) => projectId), forks.map(({ id }) => id), [...new Set(paths)]],
  });
  const byId = new Map(forks.map(({ id, overrides }) => [id, overrides]));
  for (const { instance_id: id, path, patch } of rows) Object.assign(byId.get(id) ?? {}, { [path]: patch });
}
