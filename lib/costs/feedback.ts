import { audit } from "@/lib/auth/audit";
import { type Caller, requireScope } from "@/lib/auth/caller";
import { notFound } from "@/lib/core/errors";
import { pool } from "@/lib/db/pool";
import { transaction } from "@/lib/db/transaction";
import { requireInstance } from "@/lib/workflows/read/own";
import { forgetBaseline } from "./store/spending";
import type { ExpectedBody, ExpectedView } from "./view-schema";

/**
 * Notes whether what an instance cost was expected: others are not measured by one that was. Throws `not_found` and
 * `forbidden`.
 */
export async function setExpected(caller: Caller, id: string, { expected }: ExpectedBody): Promise<ExpectedView> {
  requireScope(caller, "write");
  const { projectId } = caller;
  const workflowId = await requireInstance(caller, id, pool());
  await transaction(async (tx) => {
    // Steps that are measured meanwhile hold this lock, so that none remembers what was usual before.
    await tx.query("SELECT FROM workflows WHERE project_id = $1 AND id = $2 FOR NO KEY UPDATE", [
      projectId,
      workflowId,
    ]);
    const { rows } = await tx.query<{ is_expected: boolean }>(
      "SELECT is_expected FROM instances WHERE project_id = $1 AND id = $2",
      [projectId, id],
    );
    const [found] = rows;
    if (found === undefined) throw notFound("instance");
    if (found.is_expected === expected) return;
    await tx.query("UPDATE instances SET is_expected = $3 WHERE project_id = $1 AND id = $2", [
      projectId,
      id,
      expected,
    ]);
    await audit(tx, caller, { action: expected ? "instance.expected" : "instance.unexpected", subjectId: id });
  });
  forgetBaseline({ projectId, id: workflowId });
  return { instance_id: id, expected };
}
