import { ownCost } from "@/lib/costs/own-cost";
import { plainArray, textArray } from "@/lib/db/columns";
import type { Db } from "@/lib/db/pool";
import type { LoadedInstance } from "@/lib/workflows/loaded";
import type { StepDetail } from "@/lib/workflows/step";
import type { NewStep, Work } from "@/lib/workflows/work";

type Place = { projectId: string; workflowId: string };
type Costly = Place & { step: NewStep; detail: StepDetail };
type Saved = Place & { instance: LoadedInstance; isNew: boolean };

/** Whether a step tells tokens or a cost, which is what is counted. */
const isCostly = ({ costMicros, inputTokens, outputTokens }: StepDetail): boolean =>
  costMicros !== null || inputTokens !== null || outputTokens !== null;

// Lists are filled in place: this runs for every signal, and of most there is nothing to be counted.

function costlyOf(works: Work[]): Costly[] {
  const costly: Costly[] = [];
  for (const { workflow, steps } of works) {
    for (const step of steps) {
      const { detail } = step.report;
      if (detail === null || !isCostly(detail)) continue;
      costly.push({ projectId: workflow.projectId, workflowId: workflow.id, step, detail });
    }
  }
  return costly;
}

/** An instance that goes on may cost more yet; what it cost is noted when it has ended. */
const isOver = ({ status }: LoadedInstance): boolean => status !== "running" && status !== "paused";

function savedOf(works: Work[]): Saved[] {
  const saved: Saved[] = [];
  for (const { workflow, changed, begun } of works) {
    for (const instance of workflow.instances) {
      const isNew = begun.has(instance.id);
      if (!changed.has(instance.id) || !(isNew || (isOver(instance) && ownCost(instance) > 0))) continue;
      saved.push({ projectId: workflow.projectId, workflowId: workflow.id, instance, isNew });
    }
  }
  return saved;
}

/** The day on which something was, by the calendar of its project (public contract §8). */
const DAY = (ms: string): string => `(to_timestamp(${ms} / 1000) AT TIME ZONE p.time_zone)::date`;
const PLACE = "a.project_id, a.workflow_id";

const placeColumns = (places: Place[]): string[] => [
  plainArray(places.map(({ projectId }) => projectId)),
  textArray(places.map(({ workflowId }) => workflowId)),
];

async function saveModels(tx: Db, costly: Costly[]): Promise<void> {
  if (costly.length === 0) return;
  await tx.query({
    name: "save-cost-rollups",
    text: `INSERT INTO cost_rollups AS r (project_id, workflow_id, day, model_id, agent, n_steps, n_unpriced, cost_micros, input_tokens, output_tokens)
           SELECT ${PLACE}, ${DAY("a.at")}, coalesce(a.model_id, ''), coalesce(a.agent, ''), count(*), count(*) FILTER (WHERE a.cost IS NULL),
                  coalesce(sum(a.cost), 0), coalesce(sum(a.input), 0), coalesce(sum(a.output), 0)
             FROM unnest($1::uuid[], $2::text[], $3::float8[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::bigint[])
                    AS a (project_id, workflow_id, at, model_id, agent, cost, input, output)
             JOIN projects p ON p.id = a.project_id
            GROUP BY 1, 2, 3, 4, 5
           ON CONFLICT (project_id, workflow_id, day, model_id, agent) DO UPDATE
              SET n_steps = r.n_steps + excluded.n_steps, n_unpriced = r.n_unpriced + excluded.n_unpriced,
                  cost_micros = r.cost_micros + excluded.cost_micros,
                  input_tokens = r.input_tokens + excluded.input_tokens, output_tokens = r.output_tokens + excluded.output_tokens`,
    values: [
      ...placeColumns(costly),
      plainArray(costly.map(({ step }) => step.at)),
      textArray(costly.map(({ detail }) => detail.modelId)),
      textArray(costly.map(({ step }) => step.report.agent)),
      plainArray(costly.map(({ detail }) => detail.costMicros)),
      plainArray(costly.map(({ detail }) => detail.inputTokens)),
      plainArray(costly.map(({ detail }) => detail.outputTokens)),
    ],
  });
}

async function saveTags(tx: Db, costly: Costly[]): Promise<void> {
  const tagged = costly.flatMap((one) => [...new Set(one.detail.tags ?? [])].map((tag) => ({ ...one, tag })));
  if (tagged.length === 0) return;
  await tx.query({
    name: "save-cost-tags",
    text: `INSERT INTO cost_tags AS r (project_id, workflow_id, day, tag, n_steps, cost_micros)
           SELECT ${PLACE}, ${DAY("a.at")}, a.tag, count(*), coalesce(sum(a.cost), 0)
             FROM unnest($1::uuid[], $2::text[], $3::float8[], $4::text[], $5::bigint[]) AS a (project_id, workflow_id, at, tag, cost)
             JOIN projects p ON p.id = a.project_id
            GROUP BY 1, 2, 3, 4
           ON CONFLICT (project_id, workflow_id, day, tag) DO UPDATE
              SET n_steps = r.n_steps + excluded.n_steps, cost_micros = r.cost_micros + excluded.cost_micros`,
    values: [
      ...placeColumns(tagged),
      plainArray(tagged.map(({ step }) => step.at)),
      textArray(tagged.map(({ tag }) => tag)),
      plainArray(tagged.map(({ detail }) => detail.costMicros)),
    ],
  });
}

async function saveDays(tx: Db, saved: Saved[]): Promise<void> {
  if (saved.length === 0) return;
  await tx.query({
    name: "save-cost-days",
    text: `INSERT INTO cost_days AS r (project_id, workflow_id, day, n_instances, top_instance_id, top_cost_micros)
           SELECT ${PLACE}, ${DAY("a.at")}, count(*) FILTER (WHERE a.is_new),
                  (array_agg(a.instance_id ORDER BY a.own DESC) FILTER (WHERE a.own > 0))[1], coalesce(max(a.own), 0)
             FROM unnest($1::uuid[], $2::text[], $3::float8[], $4::bool[], $5::text[], $6::bigint[])
                    AS a (project_id, workflow_id, at, is_new, instance_id, own)
             JOIN projects p ON p.id = a.project_id
            GROUP BY 1, 2, 3
           ON CONFLICT (project_id, workflow_id, day) DO UPDATE
              SET n_instances = r.n_instances + excluded.n_instances,
                  top_instance_id = CASE WHEN excluded.top_cost_micros > r.top_cost_micros THEN excluded.top_instance_id ELSE r.top_instance_id END,
                  top_cost_micros = greatest(r.top_cost_micros, excluded.top_cost_micros)`,
    values: [
      ...placeColumns(saved),
      plainArray(saved.map(({ instance }) => instance.startedAt)),
      plainArray(saved.map(({ isNew }) => isNew)),
      plainArray(saved.map(({ instance }) => instance.id)),
      plainArray(saved.map(({ instance }) => (isOver(instance) ? ownCost(instance) : null))),
    ],
  });
}

/**
 * Counts what new steps cost, and which instances began, in the transaction that stores them and with their workflows locked,
 * so that sums are exact. All statements have been sent when it returns.
 */
export async function saveRollups(tx: Db, works: Work[]): Promise<void> {
  const costly = costlyOf(works);
  await Promise.all([saveModels(tx, costly), saveTags(tx, costly), saveDays(tx, savedOf(works))]);
}
