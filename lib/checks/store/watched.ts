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

const after = ({ before, steps }: CheckChange): CheckState => steps.at(-1)?.transition.next ?? before;

const isMoved = (change: CheckChange): boolean => {
  const { missed, progress } = after(change);
  return missed !== change.before.missed || progress !== change.before.progress;
};

/**
 * Keeps what is counted from one signal to the next: how often the same progress was told, where somebody asks for it, and
 * what an outage has missed so far, while there is one.
 */
export async function saveCounts(tx: Db, changes: CheckChange[]): Promise<void> {
  const moved = changes.filter(isMoved);
  if (moved.length === 0) return;
  const states = moved.map(after);
  await tx.query({
    name: "save-counts",
    text: `UPDATE checks SET progress = c.progress, progress_count = c.progress_count,
                  missed_count = c.missed_count, missed_through = c.missed_through
             FROM unnest($1::uuid[], $2::text[], $3::int[], $4::int[], $5::timestamptz[])
                    AS c (id, progress, progress_count, missed_count, missed_through) WHERE checks.id = c.id`,
    values: [
      moved.map(({ before }) => before.id),
      states.map(({ progress }) => progress?.value ?? null),
      states.map(({ progress }) => progress?.count ?? 0),
      states.map(({ missed }) => missed?.count ?? 0),
      states.map(({ missed }) => iso(missed?.through ?? null)),
    ],
  });
}
