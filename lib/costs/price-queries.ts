import { type Caller, requireScope } from "@/lib/auth/caller";
import { notFound } from "@/lib/core/errors";
import { pool } from "@/lib/db/pool";
import manifest from "@/package.json" with { type: "json" };
import type { OwnRates } from "./own-prices";
import { isPriced } from "./price";
import type { PriceOverview, PricesView, UnpricedModel, UnpricedView } from "./price-schema";
import { ownPricesNow } from "./reprice";
import { readOwnPrices } from "./store/own-prices";

const PACKAGE = "@pydantic/genai-prices";
const PRICE_LIST = `${PACKAGE} ${manifest.dependencies[PACKAGE]}`;

/** What the project pays for models, and which list the other prices are from. Throws `forbidden`. */
export async function getOwnPrices(caller: Caller): Promise<PricesView> {
  requireScope(caller, "read");
  const { rows } = await pool().query<{ prices: unknown }>({
    name: "get-own-prices",
    text: "SELECT model_prices AS prices FROM projects WHERE id = $1",
    values: [caller.projectId],
  });
  const [found] = rows;
  if (found === undefined) throw notFound("project");
  return { prices: readOwnPrices(found.prices), price_list: PRICE_LIST };
}

type Row = Omit<UnpricedModel, "priceable"> & { now: number };

const MODELS = 100;
const WORKFLOWS = 10;

/** The longest period that the page adds up: what lacks a price in its sums is on the list. */
const DAYS = 366;

// Sums outlive the steps: of steps that are gone none can be priced. Those that name no model never can, here or gone.
export const UNPRICED = `
  SELECT model_id, sum(n_unpriced)::int8 AS steps, sum(input_tokens)::int8 AS input_tokens, sum(output_tokens)::int8 AS output_tokens,
         to_char(min(day), 'YYYY-MM-DD') AS first_day, to_char(max(day), 'YYYY-MM-DD') AS last_day,
         (array_agg(DISTINCT workflow_id))[1:${WORKFLOWS}] AS workflows, date_part('epoch', now()) * 1000 AS now
    FROM cost_rollups r
   WHERE project_id = $1 AND n_unpriced > 0 AND (model_id <> '' OR day > now()::date - ${DAYS})
   GROUP BY model_id
  HAVING model_id = '' OR EXISTS (SELECT FROM stage_executions s
                  WHERE s.project_id = $1 AND s.model_id = r.model_id AND s.cost_micros IS NULL
                    AND (s.input_tokens IS NOT NULL OR s.output_tokens IS NOT NULL))
   ORDER BY steps DESC, model_id LIMIT ${MODELS}`;

const toModel = ({ now, ...model }: Row, own: OwnRates): UnpricedModel => ({
  ...model,
  priceable: model.model_id !== "" && isPriced(model.model_id, now, own),
});

/** The models of which most steps have no price, up to a hundred. Throws `forbidden`. */
export async function getUnpriced(caller: Caller): Promise<UnpricedView> {
  requireScope(caller, "read");
  const [{ rows }, own] = await Promise.all([
    pool().query<Row>({ name: "unpriced-models", text: UNPRICED, values: [caller.projectId] }),
    ownPricesNow(caller.projectId),
  ]);
  return { models: rows.map((row) => toModel(row, own)) };
}

/** The same two for the page about costs. */
export async function getPriceOverview(caller: Caller): Promise<PriceOverview> {
  const [prices, unpriced] = await Promise.all([getOwnPrices(caller), getUnpriced(caller)]);
  return { ...prices, ...unpriced };
}
