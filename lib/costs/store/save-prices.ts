import { type OpenSum, placeSums } from "@/lib/costs/sum-places";
import { plainArray, textArray } from "@/lib/db/columns";
import type { Db } from "@/lib/db/pool";
import type { WaitingStep } from "./unpriced";

/** A step and its price. `isCovered`: it costs nothing of its own, because a span around it told what all cost. */
export type PricedStep = WaitingStep & {
  costMicros: number;
  computedMicros: number | null;
  isCovered: boolean;
  isCopied: boolean;
};

/** The steps of one model and one workflow, which is locked. */
export type Priced = { projectId: string; workflowId: string; modelId: string; steps: PricedStep[] };

function saveSteps(tx: Db, { projectId, steps }: Priced): Promise<unknown> {
  return tx.query({
    name: "price-steps",
    text: `UPDATE stage_executions s
              SET cost_micros = a.cost, computed_micros = a.computed,
                  usage = CASE WHEN a.is_covered THEN coalesce(s.usage, '{}') || '{"covered": true}' ELSE s.usage END
             FROM unnest($2::text[], $3::int[], $4::bigint[], $5::bigint[], $6::bool[]) AS a (instance_id, ordinal, cost, computed, is_covered)
            WHERE s.project_id = $1 AND s.instance_id = a.instance_id AND s.ordinal = a.ordinal`,
    values: [
      projectId,
      textArray(steps.map(({ instanceId }) => instanceId)),
      plainArray(steps.map(({ ordinal }) => ordinal)),
      plainArray(steps.map(({ costMicros }) => costMicros)),
      plainArray(steps.map(({ computedMicros }) => computedMicros)),
      plainArray(steps.map(({ isCovered }) => isCovered)),
    ],
  });
}

/** What copied steps had cost is kept apart with their instance, which nothing else changes. */
async function saveCopied(tx: Db, { projectId, steps }: Priced): Promise<void> {
  const copied = steps.filter(({ isCopied, costMicros }) => isCopied && costMicros > 0);
  if (copied.length === 0) return;
  await tx.query({
    name: "price-copied",
    text: `UPDATE instances i SET copied_cost_micros = i.copied_cost_micros + a.cost
             FROM (SELECT id, sum(cost) AS cost FROM unnest($2::text[], $3::bigint[]) AS c (id, cost) GROUP BY id) AS a
            WHERE i.project_id = $1 AND i.id = a.id`,
    values: [
      projectId,
      textArray(copied.map(({ instanceId }) => instanceId)),
      plainArray(copied.map(({ costMicros }) => costMicros)),
    ],
  });
}

/** The sums that have steps without a price. */
async function openSums(tx: Db, { projectId, workflowId, modelId }: Priced): Promise<OpenSum[]> {
  const { rows } = await tx.query<OpenSum>({
    name: "open-sums",
    text: `SELECT to_char(day, 'YYYY-MM-DD') AS day, agent, n_unpriced AS "nUnpriced" FROM cost_rollups
            WHERE project_id = $1 AND workflow_id = $2 AND model_id = $3 AND n_unpriced > 0`,
    values: [projectId, workflowId, modelId],
  });
  return rows;
}

type Sums = ReturnType<typeof placeSums<PricedStep>>;

function saveModels(tx: Db, { projectId, workflowId, modelId }: Priced, { sums }: Sums): Promise<unknown> {
  return tx.query({
    name: "price-rollups",
    text: `INSERT INTO cost_rollups AS r (project_id, workflow_id, day, model_id, agent, n_steps, n_unpriced, cost_micros, input_tokens, output_tokens)
           SELECT $1, $2, a.day, $3, a.agent, 0, -a.n, a.cost, 0, 0
             FROM unnest($4::date[], $5::text[], $6::int[], $7::bigint[]) AS a (day, agent, n, cost)
           ON CONFLICT (project_id, workflow_id, day, model_id, agent) DO UPDATE
              SET n_unpriced = r.n_unpriced + excluded.n_unpriced, cost_micros = r.cost_micros + excluded.cost_micros`,
    values: [
      projectId,
      workflowId,
      modelId,
      plainArray(sums.map(({ day }) => day)),
      textArray(sums.map(({ agent }) => agent)),
      plainArray(sums.map(({ nPriced }) => nPriced)),
      plainArray(sums.map(({ costMicros }) => costMicros)),
    ],
  });
}

async function saveTags(tx: Db, { projectId, workflowId }: Priced, { days }: Sums): Promise<void> {
  const tagged = [...days].flatMap(([{ tags, costMicros }, day]) =>
    [...new Set(tags)].map((tag) => ({ day, tag, costMicros })),
  );
  if (tagged.length === 0) return;
  await tx.query({
    name: "price-tags",
    text: `INSERT INTO cost_tags AS r (project_id, workflow_id, day, tag, n_steps, cost_micros)
           SELECT $1, $2, a.day, a.tag, 0, sum(a.cost) FROM unnest($3::date[], $4::text[], $5::bigint[]) AS a (day, tag, cost) GROUP BY a.day, a.tag
           ON CONFLICT (project_id, workflow_id, day, tag) DO UPDATE SET cost_micros = r.cost_micros + excluded.cost_micros`,
    values: [
      projectId,
      workflowId,
      plainArray(tagged.map(({ day }) => day)),
      textArray(tagged.map(({ tag }) => tag)),
      plainArray(tagged.map(({ costMicros }) => costMicros)),
    ],
  });
}

/**
 * Stores what steps cost that had no price, and counts it where they are counted. Copied ones are in no sum. Their instances,
 * and the days on which these began, are stored by `saveWork`.
 */
export async function savePrices(tx: Db, priced: Priced): Promise<void> {
  const sums = placeSums(
    priced.steps.filter(({ isCopied }) => !isCopied),
    await openSums(tx, priced),
  );
  await Promise.all([
    saveSteps(tx, priced),
    saveCopied(tx, priced),
    sums.sums.length > 0 && saveModels(tx, priced, sums),
    saveTags(tx, priced, sums),
  ]);
}
