import { Memory } from "@/lib/core/memory";
import type { Db } from "@/lib/db/pool";
import { Definition } from "@/lib/workflows/definition";
import type { LoadedWorkflow } from "@/lib/workflows/loaded";

/** How many definitions are remembered: none ever changes, but a workflow may be made again under its id. */
const MAX_REMEMBERED = 1000;

const remembered = new Memory<Definition>(MAX_REMEMBERED);

type Row = { project_id: string; workflow_id: string; version: number; rules: unknown };
type Wanted = { workflow: LoadedWorkflow; version: number };

const keyOf = ({ projectId, id, madeAt }: LoadedWorkflow, version: number): string =>
  `${projectId}/${id}/${madeAt}/${version}`;

/** Gives workflows the definitions that they and their loaded instances follow; only unknown ones are asked for. */
export async function loadDefinitions(tx: Db, workflows: Iterable<LoadedWorkflow>): Promise<void> {
  const wanted: Wanted[] = [];
  for (const workflow of workflows) {
    for (const version of new Set([workflow.version, ...workflow.instances.map((one) => one.version)])) {
      const known = remembered.get(keyOf(workflow, version));
      if (known === undefined) wanted.push({ workflow, version });
      else workflow.definitions.set(version, known);
    }
  }
  if (wanted.length > 0) await fetchDefinitions(tx, wanted);
}

async function fetchDefinitions(tx: Db, wanted: Wanted[]): Promise<void> {
  const found = await tx.query<Row>({
    name: "load-definitions",
    text: `SELECT d.project_id, d.workflow_id, d.version, d.rules
             FROM unnest($1::uuid[], $2::text[], $3::int[]) AS w (project_id, workflow_id, version)
             JOIN workflow_definitions d USING (project_id, workflow_id, version)`,
    values: [
      wanted.map(({ workflow }) => workflow.projectId),
      wanted.map(({ workflow }) => workflow.id),
      wanted.map(({ version }) => version),
    ],
  });
  const rules = new Map(found.rows.map((row) => [placeOf(row.project_id, row.workflow_id, row.version), row.rules]));
  for (const { workflow, version } of wanted) {
    const stored = rules.get(placeOf(workflow.projectId, workflow.id, version));
    if (stored === undefined) continue;
    const definition = Definition.parse(stored);
    remembered.set(keyOf(workflow, version), definition);
    workflow.definitions.set(version, definition);
  }
}

const placeOf = (projectId: string, id: string, version: number): string => `${projectId}/${id}/${version}`;
