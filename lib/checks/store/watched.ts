import type { CheckState } from "@/lib/checks/state";
import { iso } from "@/lib/core/time";
import type { Db } from "@/lib/db/pool";
import type { CheckChange } from "./change";

/** Writes the expected signals that did not come. One that is known already stays as it is. */
export async function saveMisses(tx: Db, changes: CheckChange[]): Promise<void> {
  const misses = changes.flatMap(({ before, steps }) =>
    steps.flatMap(({ transition }) => transition.missed.map((expectedAt) => ({ before, expectedAt }))),
  );
  if (misses.length === 0) return;
  await tx.query({
    name: "save-misses",
    text: `INSERT INTO misses (project_id, check_id, expected_at)
           SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) ON CONFLICT DO NOTHING`,
    values: [
      misses.map(({ before }) => before.projectId),
      misses.map(({ before }) => before.id),
      misses.map(({ expectedAt }) => iso(expectedAt)),
    ],
  });
}

const progressAfter = ({ before, steps }: CheckChange): CheckState["progress"] =>
  (steps.at(-1)?.transition.next ?? before).progress;

const missedAfter = ({ before, steps }: CheckChange): CheckState["missed"] =>
  (steps.at(-1)?.transition.next ?? before).missed;

/** Keeps how many signals an outage has missed so far; nothing while there is none. */
export async function saveOutages(tx: Db, changes: CheckChange[]): Promise<void> {
  const moved = changes.filter((change) => missedAfter(change) !== change.before.missed);
  if (moved.length === 0) return;
  await tx.query({
    name: "save-outages",
    text: `UPDATE checks SET missed_count = o.count, missed_through = o.through
             FROM unnest($1::uuid[], $2::int[], $3::timestamptz[]) AS o (id, count, through) WHERE checks.id = o.id`,
    values: [
      moved.map(({ before }) => before.id),
      moved.map((change) => missedAfter(change)?.count ?? 0),
      moved.map((change) => iso(missedAfter(change)?.through ?? null)),
    ],
  });
}

/** Keeps what was told of the progress; nothing where nobody asks for it. */
export async function saveProgress(tx: Db, changes: CheckChange[]): Promise<void> {
  const moved = changes.filter((change) => progressAfter(change) !== change.before.progress);
  if (moved.length === 0) return;
  await tx.query({
    name: "save-progress",
    text: `UPDATE checks SET progress = p.value, progress_count = p.count
             FROM unnest($1::uuid[], $2::text[], $3::int[]) AS p (id, value, count) WHERE checks.id = p.id`,
    values: [
      moved.map(({ before }) => before.id),
      moved.map((change) => progressAfter(change)?.value ?? null),
      moved.map((change) => progressAfter(change)?.count ?? 0),
    ],
  });
}
