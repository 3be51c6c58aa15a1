import { storable } from "@/lib/ingest/json";
import { NAME_LENGTH, OUR_ID, WORKFLOW_ID } from "@/lib/workflows/schema";
import { textIn } from "./operation";
import type { Attributes } from "./span";

const ID_LENGTH = 100;
const UNNAMED = "traces";

/** The id of a workflow that is called so: what no id may have becomes `-`. */
function idOf(name: string): string {
  const id = name
    .replaceAll(/[^A-Za-z0-9_.-]+/g, "-")
    .replace(/^[-.]+/, "")
    .slice(0, ID_LENGTH)
    .replace(/[-.]+$/, "");
  return id === "" ? UNNAMED : id;
}

/** The workflow of a resource's traces: what `pulsetrail.workflow` says, else the service. */
export function workflowOf(resource: Attributes): { id: string; name: string } {
  const said = textIn(resource, ["pulsetrail.workflow", "service.name"]) ?? UNNAMED;
  return { id: idOf(said), name: storable([...said].slice(0, NAME_LENGTH).join("")) };
}

/** Whether spans may make a workflow of this id: only we make ids such as `dwf_…`. */
export const mayBeMade = (id: string): boolean => WORKFLOW_ID.test(id) && !OUR_ID.test(id);
