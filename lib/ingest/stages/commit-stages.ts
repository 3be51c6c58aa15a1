import { AppError, type ErrorCode, notFound } from "@/lib/core/errors";
import { type OwnPricesBy, ownPricesOf } from "@/lib/costs/store/own-prices";
import { isPassing } from "@/lib/db/failure";
import type { Db } from "@/lib/db/pool";
import { transaction } from "@/lib/db/transaction";
import { CLOSED_WORDS } from "@/lib/workflows/closed-words";
import type { LoadedWorkflow } from "@/lib/workflows/loaded";
import { stageOf } from "@/lib/workflows/path";
import { OUR_ID } from "@/lib/workflows/schema";
import { workflowKey } from "@/lib/workflows/store/rows";
import { saveWork } from "@/lib/workflows/store/save";
import { startWork, takeStage, type Verdict, type Work } from "@/lib/workflows/work";
import type { Holder } from "./holders";
import { type LockedStages, lockStages, type Missing, makeMissing } from "./lock-stages";
import { type Accepted, FirstAnswers } from "./once";
import { withPrice } from "./price";
import { releaseSpent } from "./spent";
import type { StageSignal } from "./stage-signal";

/** What became of a stage signal: the instance that took it, or why none did. */
export type StageOutcome = Accepted | AppError;

const SENTENCES: Record<Extract<Verdict, { is: "refused" }>["refusal"]["code"], string> = {
  stage_missed: "A stage that comes before this one is missing.",
  stage_out_of_order: "This stage has passed already.",
  unknown_stage: "The workflow has no such stage.",
  agent_required: "This workflow requires an agent with every stage.",
  no_running_instance: "No instance is running; one begins with start=yes.",
  no_such_instance: "There is no such instance of this workflow.",
  not_paused: "The instance is not paused.",
  ...CLOSED_WORDS,
};

function failureOf(
  { instanceId, status, refusal }: Extract<Verdict, { is: "refused" }>,
  signal: StageSignal,
): AppError {
  const { code, expected } = refusal;
  const known: ErrorCode = code === "no_such_instance" ? "not_found" : code;
  return new AppError(known, SENTENCES[code], {
    members: {
      ...(instanceId !== null && { instance_id: instanceId, workflow_status: status }),
      ...(expected !== null && { expected: stageOf(signal.kind, expected) }),
      received: stageOf(signal.kind, signal.report.path),
      // What strict mode refuses leaves the instance running.
      directive: instanceId !== null && status === "running" ? "continue" : "stop",
    },
  });
}

type Batch = {
  locked: LockedStages;
  works: Map<string, Work>;
  foreign: Set<string>;
  first: FirstAnswers;
  own: OwnPricesBy;
};

function refuseHolder(holder: Holder | undefined): AppError | null {
  if (holder === undefined) return new AppError("unauthenticated", "The key is unknown, revoked or expired.");
  return holder.mayPing ? null : new AppError("forbidden", "This needs a key with the scope ping.");
}

/** Why a workflow that exists takes no such signal. */
function refuseKind({ kind, id }: LoadedWorkflow, asked: StageSignal["kind"]): AppError | null {
  const path = kind === "static" ? "/shk" : "/dhk";
  const words = `This workflow is ${kind}: its stages are reported at ${path}/${id}.`;
  return kind === asked ? null : new AppError("invalid_input", words);
}

function refuseInstance(
  { projectId }: LoadedWorkflow,
  { report }: StageSignal,
  { owners }: LockedStages,
): AppError | null {
  const owner = owners.get(report.instanceId ?? "") ?? projectId;
  return owner === projectId ? null : new AppError("forbidden", "This instance belongs to another project.");
}

/** The workflow of a signal, or why it has none that it may report to. */
function workOf(signal: StageSignal, { locked, works, foreign }: Batch): Work | AppError {
  const { key, workflowId, kind } = signal;
  const holder = locked.holders.get(key);
  const barred = refuseHolder(holder);
  if (barred !== null || holder === undefined) return barred ?? notFound("workflow");
  const name = workflowKey(holder.projectId, workflowId);
  const workflow = locked.workflows.get(name);
  if (workflow === undefined && foreign.has(workflowId)) {
    return new AppError("forbidden", "This workflow belongs to another project.");
  }
  if (workflow === undefined) return notFound("workflow");
  const refused = refuseKind(workflow, kind) ?? refuseInstance(workflow, signal, locked);
  if (refused !== null) return refused;
  const work = works.get(name) ?? startWork(workflow);
  works.set(name, work);
  return work;
}

function takeOne(signal: StageSignal, batch: Batch): StageOutcome {
  const work = workOf(signal, batch);
  if (work instanceof AppError) return work;
  const first = batch.first.find(signal);
  if (first !== null) return first;
  const { now, repeats } = batch.locked;
  const isRepeat = (instanceId: string, path: string): boolean => repeats.has(`${instanceId} ${path}`);
  const report = withPrice(signal, { own: batch.own(work.workflow.projectId), now });
  const verdict = takeStage(work, report, { now, isRepeat });
  if (verdict.is === "refused") return failureOf(verdict, signal);
  const { instanceId, status, isStopped } = verdict;
  repeats.add(`${instanceId} ${signal.report.path}`);
  const answer: Accepted = { instanceId, status, isStopped };
  batch.first.note(signal, answer);
  return answer;
}

/** Which of the missing workflows are of other projects: only asked of ids that we made, because others may repeat. */
async function foreignOf(tx: Db, signals: StageSignal[], { workflows, holders }: LockedStages): Promise<Set<string>> {
  const missing = signals.flatMap(({ key, workflowId }) => {
    const projectId = holders.get(key)?.projectId;
    const isMissing = projectId !== undefined && !workflows.has(workflowKey(projectId, workflowId));
    return isMissing && OUR_ID.test(workflowId) ? [workflowId] : [];
  });
  if (missing.length === 0) return new Set();
  const found = await tx.query<{ id: string }>("SELECT id FROM workflows WHERE id = ANY ($1)", [missing]);
  return new Set(found.rows.map(({ id }) => id));
}

/** What the projects pay whose steps are to be priced. */
function ownPrices(tx: Db, signals: StageSignal[], { holders }: LockedStages): Promise<OwnPricesBy> {
  const usages = signals.filter(({ used }) => used !== null);
  return ownPricesOf(
    tx,
    usages.flatMap(({ key }) => holders.get(key)?.projectId ?? []),
  );
}

/**
 * Stores stage signals in arrival order in one transaction: workflows locked in order, the machine run for each signal,
 * all rows written together. Resolves after the commit with the outcome of each signal; without having stored anything
 * when the locks were guessed wrong, or when workflows are to be made first.
 */
function attempt(signals: StageSignal[], guesses: boolean): Promise<StageOutcome[] | { missing: Missing[] }> {
  return transaction(async (tx, atEnd) => {
    const locked = await lockStages(tx, signals, guesses);
    if (locked === null || Array.isArray(locked)) return { missing: locked ?? [] };
    const first = await FirstAnswers.load(tx, signals, locked.holders);
    const own = await ownPrices(tx, signals, locked);
    const batch: Batch = { locked, works: new Map(), first, foreign: await foreignOf(tx, signals, locked), own };
    const outcomes = signals.map((signal) => takeOne(signal, batch));
    const works = [...batch.works.values()];
    if (works.length > 0)
      atEnd(() => Promise.all([saveWork(tx, works), first.save(tx), releaseSpent(tx, { signals, outcomes, locked })]));
    return outcomes;
  });
}

const MAX_ATTEMPTS = 5;

/** Workflows are made in a transaction of their own, so that none is locked out of order. */
async function commit(signals: StageSignal[]): Promise<StageOutcome[]> {
  for (let tried = 0; tried < MAX_ATTEMPTS; tried += 1) {
    const done = await attempt(signals, tried === 0);
    if (Array.isArray(done)) return done;
    if (done.missing.length > 0) await transaction((tx) => makeMissing(tx, done.missing));
  }
  throw new AppError("unavailable", "A workflow was deleted whenever it was made.");
}

/** Stores stage signals, and once more when something got in the way that will be gone. */
export function commitStages(signals: StageSignal[]): Promise<StageOutcome[]> {
  return commit(signals).catch((error: unknown) => {
    if (isPassing(error)) return commit(signals);
    throw error;
  });
}
