import type { PoolClient } from "pg";
import { isPassing } from "@/lib/db/failure";
import { pool } from "@/lib/db/pool";
import { transaction } from "@/lib/db/transaction";
import { computedMicros } from "@/lib/traces/price";
import { readStored } from "@/lib/traces/usage";
import type { LoadedWorkflow } from "@/lib/workflows/loaded";
import { lockWorkflows, workflowKey } from "@/lib/workflows/store/rows";
import { saveWork } from "@/lib/workflows/store/save";
import { replace, startWork, type Work } from "@/lib/workflows/work";
import type { OwnRates } from "./own-prices";
import { priceOf } from "./price";
import { forgetOwnPrices, ownPricesOf } from "./store/own-prices";
import { type PricedStep, savePrices } from "./store/save-prices";
import {
  findWaiting,
  findWholes,
  loadWaiting,
  type OfModel,
  type StepKey,
  type WaitingStep,
  type Wholes,
} from "./store/unpriced";
import { readUsage } from "./usage";

/** Steps that are priced in one transaction, at most. */
const AT_ONCE = 1000;
/** Steps of one model that a call passes over because their own usage has no price, although the model has. */
const MAX_SKIPPED = 20_000;

/** What a step costs that was stored without a price, in micro-dollars; as it would have been priced when it came. */
function priceStored(step: WaitingStep, modelId: string, own: OwnRates): number | null {
  const { usage, isSpan, inputTokens, outputTokens, at } = step;
  const told = usage ?? { input_tokens: inputTokens, output_tokens: outputTokens };
  if (isSpan) return computedMicros({ model: modelId, usage: readStored(told), endMs: at }, own);
  const { told: used } = readUsage(told);
  return used && priceOf({ model: modelId, provider: null, usage: used, at, own });
}

type Pricing = { modelId: string; own: OwnRates; wholes: Map<string, Wholes>; workflow: LoadedWorkflow };

/** Whether a span told what it and others cost together: the outermost one, or the one right around it. */
const isBelow = ({ parentSpanId }: WaitingStep, wholes: Wholes | undefined): boolean =>
  wholes !== undefined && (wholes.hasOutermost || (parentSpanId !== null && wholes.spanIds.includes(parentSpanId)));

function priced(step: WaitingStep, { modelId, own, wholes, workflow }: Pricing): PricedStep[] {
  const instance = workflow.instances.find(({ id }) => id === step.instanceId);
  if (instance === undefined) return [];
  const isCovered = step.isSpan && isBelow(step, wholes.get(step.instanceId));
  const computed = isCovered ? null : priceStored(step, modelId, own);
  const costMicros = isCovered ? 0 : computed;
  if (costMicros === null) return [];
  return [{ ...step, costMicros, computedMicros: computed, isCovered, isCopied: step.ordinal < instance.nCopied }];
}

/** Adds what steps cost to their instances. */
function addToInstances(work: Work, steps: readonly PricedStep[]): void {
  for (const before of [...work.workflow.instances]) {
    const own = steps.filter(({ instanceId }) => instanceId === before.id);
    if (own.length === 0) continue;
    const sum = (some: PricedStep[]): number => some.reduce((micros, { costMicros }) => micros + costMicros, 0);
    const copiedCostMicros = before.copiedCostMicros + sum(own.filter(({ isCopied }) => isCopied));
    replace(work, before, { ...before, costMicros: before.costMicros + sum(own), copiedCostMicros });
  }
}

/** What the project pays, and when nothing more is begun, as a `performance.now()` value. */
type By = { own: OwnRates; deadline: number };

type OfWorkflow = OfModel & { workflowId: string; keys: StepKey[]; own: OwnRates };

/** How many steps got a price, and how many of those that were found stay without one. */
type Outcome = { nPriced: number; nLeft: number };

async function priceIn(tx: PoolClient, of: OfWorkflow): Promise<Outcome & { save: () => unknown }> {
  const { projectId, workflowId, modelId, keys, own } = of;
  const named = [...new Set(keys.map(({ instanceId }) => instanceId))];
  const wanted = { projectId, id: workflowId, open: 0, lackingFirst: 0, named };
  const workflow = (await lockWorkflows(tx, [wanted])).workflows.get(workflowKey(projectId, workflowId));
  if (workflow === undefined) return { nPriced: 0, nLeft: 0, save: () => undefined };
  const waiting = await loadWaiting(tx, projectId, keys);
  const spans = waiting.filter(({ isSpan }) => isSpan).map(({ instanceId }) => instanceId);
  const wholes = await findWholes(tx, projectId, [...new Set(spans)]);
  const steps = waiting.flatMap((step) => priced(step, { modelId, own, wholes, workflow }));
  const outcome = { nPriced: steps.length, nLeft: waiting.length - steps.length };
  if (steps.length === 0) return { ...outcome, save: () => undefined };
  const work = startWork(workflow);
  addToInstances(work, steps);
  await savePrices(tx, { projectId, workflowId, modelId, steps });
  return { ...outcome, save: () => saveWork(tx, [work]) };
}

/** Prices steps of one workflow in one transaction, the workflow locked. */
function repriceWorkflow(of: OfWorkflow): Promise<Outcome> {
  const attempt = () =>
    transaction(async (tx, atEnd) => {
      const { save, ...outcome } = await priceIn(tx, of);
      atEnd(save);
      return outcome;
    });
  return attempt().catch((error: unknown) => {
    if (isPassing(error)) return attempt();
    throw error;
  });
}

async function repriceFound(of: OfModel, found: readonly StepKey[], { own, deadline }: By): Promise<Outcome> {
  const byWorkflow = new Map<string, StepKey[]>();
  const outcome: Outcome = { nPriced: 0, nLeft: 0 };
  for (const key of found) {
    if (key.workflowId === null) {
      outcome.nLeft += 1;
      continue;
    }
    const keys = byWorkflow.get(key.workflowId) ?? [];
    keys.push(key);
    byWorkflow.set(key.workflowId, keys);
  }
  for (const [workflowId, keys] of byWorkflow) {
    if (performance.now() >= deadline) break;
    const { nPriced, nLeft } = await repriceWorkflow({ ...of, workflowId, keys, own });
    outcome.nPriced += nPriced;
    outcome.nLeft += nLeft;
  }
  return outcome;
}

/** What a project pays now, whatever was remembered. */
export async function ownPricesNow(projectId: string): Promise<OwnRates> {
  forgetOwnPrices(projectId);
  return (await ownPricesOf(pool(), [projectId]))(projectId);
}

/** How many steps got a price, and whether none is left that could. */
export type Progress = { nPriced: number; isDone: boolean };

/**
 * Prices up to `limit` steps of a model that have none, by what holds for the moment of each: up to a thousand in a transaction,
 * their workflow locked, so that sums stay exact. What has a price is never changed; what a span told as part of a whole costs
 * nothing of its own. Asking again goes on.
 */
export async function repriceUnpriced(of: OfModel, limit: number, by: By): Promise<Progress> {
  let nPriced = 0;
  let skip = 0;
  while (nPriced < limit && skip < MAX_SKIPPED) {
    if (performance.now() >= by.deadline) return { nPriced, isDone: false };
    const most = Math.min(AT_ONCE, limit - nPriced);
    const found = await findWaiting(of, { skip, limit: most });
    const outcome = await repriceFound(of, found, by);
    nPriced += outcome.nPriced;
    // These are found again where they were found; those that another process has priced meanwhile are not.
    skip += outcome.nLeft;
    if (found.length < most) return { nPriced, isDone: performance.now() < by.deadline };
  }
  return { nPriced, isDone: nPriced < limit };
}
