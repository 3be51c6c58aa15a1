import { expect, test } from "vitest";
import { HOUR } from "@/lib/core/time";
import { pool } from "@/lib/db/pool";
import { recordingPool } from "@/lib/testing/explain";
import { makeInstance, makeWorkflow } from "@/lib/testing/workflows";
import { makeProject } from "@/lib/testing/world";
import { insertReservation, releaseReservations, sumReservations } from "./reservations";

/** An instance in a project of its own, for which so much is held; negative leases are over. */
async function holding(leasesMs: number[]) {
  const { id: projectId } = await makeProject();
  const workflowId = await makeWorkflow(projectId);
  const place = { projectId, workflowId, instanceId: await makeInstance(projectId, workflowId) };
  const at = Date.now();
  const ids = leasesMs.map((_, index) => `res_${String(index).padStart(16, "0")}`);
  for (const [index, lease] of leasesMs.entries())
    await insertReservation(pool(), { ...place, id: ids[index] ?? "", micros: 10 ** index, at, expiresAt: at + lease });
  return { place, ids };
}

test("what is over neither counts nor stays, and each is summed once", async () => {
  const { place } = await holding([HOUR, -HOUR, HOUR]);
  expect(await sumReservations(pool(), place)).toEqual({ ofInstance: 101, ofWorkflow: 101 });
  const { rowCount } = await pool().query("SELECT FROM cost_reservations WHERE project_id = $1", [place.projectId]);
  expect(rowCount).toBe(2);
  const other = { ...place, instanceId: await makeInstance(place.projectId, place.workflowId) };
  expect(await sumReservations(pool(), other)).toEqual({ ofInstance: 0, ofWorkflow: 101 });
});

test("who removes does not wait for another who does", async () => {
  const { place, ids } = await holding([HOUR, -HOUR]);
  const holder = await pool().connect();
  try {
    await holder.query("BEGIN");
    await holder.query("DELETE FROM cost_reservations WHERE project_id = $1", [place.projectId]);
    const named = ids.map((id) => ({ projectId: place.projectId, instanceId: place.instanceId, id }));
    // Would never end if one of them waited.
    await releaseReservations(pool(), named);
    expect(await sumReservations(pool(), place)).toEqual({ ofInstance: 1, ofWorkflow: 1 });
  } finally {
    await holder.query("ROLLBACK");
    holder.release();
  }
});

test("a step that names none asks the database nothing, one that does finds it by its id; sums go by the workflow", async () => {
  const { place, ids } = await holding([HOUR]);
  await pool().query(
    `INSERT INTO cost_reservations (project_id, id, workflow_id, instance_id, cost_micros, created_at, expires_at)
     SELECT $1, 'res_' || md5(n::text), 'w' || n % 500, $2, 1, now(), now() + (n - 2500) * interval '1 second' FROM generate_series(1, 5000) AS n`,
    [place.projectId, place.instanceId],
  );
  await pool().query("ANALYZE cost_reservations");
  const { db, plans } = recordingPool();
  await releaseReservations(db, []);
  expect(await plans()).toEqual([]);
  await sumReservations(db, place);
  await releaseReservations(db, [{ ...place, id: ids[0] ?? "" }]);
  const [sum = "", release = ""] = await plans();
  const by = "cost_reservations_project_id_workflow_id_expires_at_idx";
  // Once for what is over, once for the rest.
  expect(sum.split(by)).toHaveLength(3);
  expect(sum).toMatch(/instances_(pkey|id_key)/);
  expect(release).toMatch(/cost_reservations_(pkey|project_id_instance_id_idx)/);
});
