import { audit } from "@/lib/auth/audit";
import { type Caller, requireScope } from "@/lib/auth/caller";
import { invalid, notFound } from "@/lib/core/errors";
import { type Db, pool } from "@/lib/db/pool";
import { transaction } from "@/lib/db/transaction";
import { isOf } from "./own-prices";
import { isPriced } from "./price";
import { getOwnPrices } from "./price-queries";
import {
  MAX_OWN_PRICES,
  type OwnPrice,
  OwnPrices,
  type PriceSet,
  type PricesView,
  type Reprice,
  type Repriced,
} from "./price-schema";
import { ownPricesNow, repriceUnpriced } from "./reprice";
import { forgetOwnPrices, readOwnPrices } from "./store/own-prices";
import { countWaiting, projectAfter, waitingModels } from "./store/unpriced";

/** Changes what a project pays, its row locked. */
async function change(tx: Db, { projectId }: Caller, make: (before: OwnPrices) => OwnPrices): Promise<void> {
  const { rows } = await tx.query<{ prices: unknown }>(
    "SELECT model_prices AS prices FROM projects WHERE id = $1 FOR NO KEY UPDATE",
    [projectId],
  );
  const [found] = rows;
  if (found === undefined) throw notFound("project");
  const prices = OwnPrices.parse(make(readOwnPrices(found.prices)));
  await tx.query("UPDATE projects SET model_prices = $2 WHERE id = $1", [
    projectId,
    prices.length === 0 ? null : JSON.stringify(prices),
  ]);
}

const byName = (a: OwnPrice, b: OwnPrice): number => (a.model < b.model ? -1 : 1);

/** Steps that a request prices before it answers, and how long it takes for them where they are of many workflows. */
const AT_ONCE = 5000;
const PATIENCE_MS = 10_000;

/**
 * Says what the project pays for a model from now on, instead of what was said before or the price list says, and prices steps
 * of it that have no price: the first 5,000, the others when `repriceSteps` is asked, or by and by. Those that have one keep it.
 * Throws `forbidden`, and `invalid_input` for more than 200 prices.
 */
export async function setOwnPrice(caller: Caller, price: OwnPrice): Promise<PriceSet> {
  requireScope(caller, "write");
  await transaction(async (tx) => {
    await change(tx, caller, (before) => {
      const others = before.filter(({ model }) => model !== price.model);
      if (others.length >= MAX_OWN_PRICES) throw invalid("model", `a project may have ${MAX_OWN_PRICES} prices`);
      return [...others, price].sort(byName);
    });
    await audit(tx, caller, { action: "project.model_price", subjectId: price.model });
  });
  forgetOwnPrices(caller.projectId);
  return { price, ...(await repriceProject(caller.projectId, (model) => isOf(price.model, model))) };
}

/**
 * Takes an own price away: the list counts again from now on. Steps that were priced by it keep their price. Throws
 * `not_found` and `forbidden`.
 */
export async function removeOwnPrice(caller: Caller, name: string): Promise<PricesView> {
  requireScope(caller, "write");
  await transaction(async (tx) => {
    await change(tx, caller, (before) => {
      const others = before.filter(({ model }) => model !== name);
      if (others.length === before.length) throw notFound("price");
      return others;
    });
    await audit(tx, caller, { action: "project.model_price_removed", subjectId: name });
  });
  forgetOwnPrices(caller.projectId);
  return getOwnPrices(caller);
}

/** Prices up to 5,000 further steps whose price has become known, of one model or of all. Throws `forbidden`. */
export async function repriceSteps(caller: Caller, { model_id: only }: Reprice): Promise<Repriced> {
  requireScope(caller, "write");
  return repriceProject(caller.projectId, (model) => only === null || model === only);
}

/** Models of which steps wait for a price that is known by now. */
async function* priceable(projectId: string) {
  const own = await ownPricesNow(projectId);
  const { rows } = await pool().query<{ now: number }>("SELECT date_part('epoch', now()) * 1000 AS now");
  for await (const modelId of waitingModels(projectId))
    if (isPriced(modelId, rows[0]?.now ?? 0, own)) yield { modelId, own };
}

async function repriceProject(projectId: string, isMeant: (model: string) => boolean): Promise<Repriced> {
  const deadline = performance.now() + PATIENCE_MS;
  let nPriced = 0;
  const left: string[] = [];
  for await (const { modelId, own } of priceable(projectId)) {
    if (!isMeant(modelId)) continue;
    const done = await repriceUnpriced({ projectId, modelId }, AT_ONCE - nPriced, { own, deadline });
    nPriced += done.nPriced;
    if (!done.isDone) left.push(modelId);
  }
  // Copied steps are in no sum, and wait as well.
  const remaining = left.length === 0 ? 0 : Math.max(left.length, await countWaiting(projectId, left));
  return { repriced_steps: nPriced, remaining_steps: remaining };
}

/**
 * Prices steps of all projects whose price has become known, by an own price or a newer price list. Starts nothing after
 * `deadline`, a `performance.now()` value; gives how many got a price, and whether none is left.
 */
export async function repriceAll(deadline: number): Promise<{ nPriced: number; isDone: boolean }> {
  let nPriced = 0;
  for (let projectId = await projectAfter(null); projectId !== null; projectId = await projectAfter(projectId)) {
    for await (const { modelId, own } of priceable(projectId)) {
      for (let isDone = false; !isDone; ) {
        if (performance.now() >= deadline) return { nPriced, isDone: false };
        const done = await repriceUnpriced({ projectId, modelId }, AT_ONCE, { own, deadline });
        nPriced += done.nPriced;
        isDone = done.isDone;
      }
    }
  }
  return { nPriced, isDone: true };
}
