import { plainArray } from "@/lib/db/columns";
import type { Db } from "@/lib/db/pool";
import type { CheckChange } from "./change";

type Point = { projectId: string; checkId: string; name: string; at: number; n: number; value: number };

/** The numbers of what was recorded, each under the number that its signal is given. */
function pointsOf({ before, steps }: CheckChange): Point[] {
  const points: Point[] = [];
  let n = before.nPings;
  for (const { ping } of steps) {
    if (ping === null) continue;
    n += 1;
    for (const { name, value } of ping.metrics ?? [])
      points.push({ projectId: before.projectId, checkId: before.id, name, at: ping.createdAt, n, value });
  }
  return points;
}

/** Keeps the numbers that signals came with; nothing where none did, which is nearly always so. */
export async function savePoints(tx: Db, changes: CheckChange[]): Promise<void> {
  const points = changes.flatMap(pointsOf);
  if (points.length === 0) return;
  await tx.query({
    name: "save-points",
    text: `INSERT INTO metric_points (project_id, check_id, name, at, n, value)
           SELECT project_id, check_id, name, to_timestamp(at / 1000), n, value
             FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::float8[], $5::bigint[], $6::float8[])
               AS p (project_id, check_id, name, at, n, value)`,
    values: [
      plainArray(points.map(({ projectId }) => projectId)),
      plainArray(points.map(({ checkId }) => checkId)),
      points.map(({ name }) => name),
      plainArray(points.map(({ at }) => at)),
      plainArray(points.map(({ n }) => n)),
      plainArray(points.map(({ value }) => value)),
    ],
  });
}
