import type { Caller } from "@/lib/auth/caller";
import type { Page } from "@/lib/core/cursor";
import { listFrom } from "@/lib/core/search-query";
import { type Db, pool } from "@/lib/db/pool";
import { listWorkflows } from "@/lib/workflows/queries";
import type { Workflow } from "@/lib/workflows/schema";
import type { StripInstance } from "./strip-words";
import { loadStrips } from "./strips";

const PAGE_SIZE = 50;

/** A workflow as a row of the list, with its newest instances, oldest first. */
export type WorkflowRow = Workflow & { strip: StripInstance[] };

type Asked = { q: string; cursor?: string | undefined };

/** A page of the workflows of the caller's project, newest first, two statements however many there are. */
export async function listWorkflowRows(caller: Caller, asked: Asked, db: Db = pool()): Promise<Page<WorkflowRow>> {
  const query = { ...asked, limit: PAGE_SIZE };
  const { items, nextCursor } = await listFrom((given: typeof query) => listWorkflows(caller, given, db), query);
  const ids = items.map(({ id }) => id);
  const strips = await loadStrips(db, caller.projectId, ids);
  return { items: items.map((workflow) => ({ ...workflow, strip: strips.get(workflow.id) ?? [] })), nextCursor };
}
