import { ITS_END, withdrawLimits } from "@/lib/approvals/withdraw";
import { auditAs } from "@/lib/auth/audit";
import { AppError } from "@/lib/core/errors";
import { Memory } from "@/lib/core/memory";
import { plainArray } from "@/lib/db/columns";
import { isPassing } from "@/lib/db/failure";
import { type Db, pool } from "@/lib/db/pool";
import { transaction } from "@/lib/db/transaction";
import { DEFAULT_DYNAMIC } from "@/lib/workflows/definition";
import type { LoadedWorkflow } from "@/lib/workflows/loaded";
import { insertWorkflow } from "@/lib/workflows/store/insert";
import { workflowKey } from "@/lib/workflows/store/rows";
import { saveWork } from "@/lib/workflows/store/save";
import { type LockedTraces, lockTraces, traceKey } from "@/lib/workflows/store/trace-rows";
import { takeTrace } from "@/lib/workflows/take-spans";
import { startWork, type Work } from "@/lib/workflows/work";
import { asksForCosts } from "./count-once";
import type { ToldSpan } from "./gen-ai";
import { type Group, groupTraces, type SpanBatch } from "./group";
import { StageNumbers } from "./stages";
import { newsOf } from "./steps";
import { mayBeMade } from "./workflow-id";

/** How many spans of a batch were refused, and why. */
export type Refused = { count: number; reason: string | null };

type Stored = { is: "stored"; refused: { group: Group; reason: string }[] };
type Attempt = Stored | { is: "elsewhere"; homes: Map<string, string> } | { is: "missing"; groups: Group[] };

/** Outermost spans that came before the first step of their trace, which another service may yet send. */
const MAX_REMEMBERED = 20_000;
const early = new Memory<ToldSpan>(MAX_REMEMBERED);

const hasStep = ({ spans }: Group): boolean => spans.some(({ step }) => step !== null);
const keyOf = ({ projectId, traceId }: Group): string => traceKey(projectId, traceId);

const wantedOf = (groups: Group[]) =>
  groups.map(({ projectId, workflow, traceId, spans }) => ({
    projectId,
    workflowId: workflow.id,
    traceId,
    spanIds: spans.flatMap(({ spanId, step }) => (step === null ? [] : [spanId])),
    costly: spans.filter(asksForCosts),
  }));

/** The names of the steps of each workflow. */
function namesBy(groups: Group[]): Map<string, Set<string>> {
  const names = new Map<string, Set<string>>();
  for (const { projectId, workflow, spans } of groups) {
    const key = workflowKey(projectId, workflow.id);
    const known = names.get(key) ?? new Set();
    for (const { step } of spans) if (step !== null) known.add(step.name);
    names.set(key, known);
  }
  return names;
}

const UNKNOWN = { stored: new Set<string>(), tail: [], costWithin: new Map<string, number>() };

type Taking = { locked: LockedTraces; numbers: Map<string, StageNumbers>; works: Map<string, Work> };

function takeOne(group: Group, workflow: LoadedWorkflow, { locked, numbers, works }: Taking): void {
  const key = workflowKey(group.projectId, workflow.id);
  const work = works.get(key) ?? startWork(workflow);
  works.set(key, work);
  const known = locked.traces.get(keyOf(group)) ?? UNKNOWN;
  const numberOf = (name: string): number => numbers.get(key)?.numberOf(name) ?? 0;
  const news = newsOf(group, { ...known, now: locked.now, numberOf });
  takeTrace(work, news, locked.now);
}

/** The workflow of a trace, or why it is told of none. */
function workflowFor({ projectId, workflow: { id } }: Group, { workflows }: LockedTraces): LoadedWorkflow | string {
  const found = workflows.get(workflowKey(projectId, id));
  if (found === undefined) return `there is no workflow ${id}`;
  if (found.kind === "dynamic") return found;
  return `the workflow ${id} is static: name another one by the resource attribute pulsetrail.workflow`;
}

function takeAll(groups: Group[], taking: Taking): Stored {
  const stored: Stored = { is: "stored", refused: [] };
  for (const group of groups) {
    const workflow = workflowFor(group, taking.locked);
    if (typeof workflow === "string") stored.refused.push({ group, reason: workflow });
    else takeOne(group, workflow, taking);
  }
  return stored;
}

/** Whether it is to be made first; a workflow that only we could have given its id is not. */
const isToBeMade = (group: Group, { workflows }: LockedTraces): boolean =>
  hasStep(group) && mayBeMade(group.workflow.id) && !workflows.has(workflowKey(group.projectId, group.workflow.id));

/** Why other locks are needed; null when all are held. */
function lacking(groups: Group[], locked: LockedTraces): Attempt | null {
  const { homes } = locked;
  if (groups.some((group) => (homes.get(keyOf(group)) ?? group.workflow.id) !== group.workflow.id)) {
    return { is: "elsewhere", homes };
  }
  const missing = groups.filter((group) => isToBeMade(group, locked));
  return missing.length === 0 ? null : { is: "missing", groups: missing };
}

async function numbersFor(tx: Db, groups: Group[], { workflows }: LockedTraces): Promise<Map<string, StageNumbers>> {
  const names = namesBy(groups);
  const numbers = new Map<string, StageNumbers>();
  for (const [key, workflow] of workflows)
    numbers.set(key, await StageNumbers.of(tx, workflow, names.get(key) ?? new Set()));
  return numbers;
}

/** Takes back what was asked about limits of instances that are over. What time has decided is left to the sweeper. */
async function withdraw(tx: Db, works: Work[]): Promise<void> {
  const over = works.flatMap(({ workflow: { projectId }, unpaused }) =>
    [...unpaused].map((instanceId) => ({ projectId, instanceId })),
  );
  if (over.length > 0) await withdrawLimits(tx, over, ITS_END);
}

/** Stores what traces tell in one transaction: their workflows locked in order, all rows written together. */
function attempt(groups: Group[]): Promise<Attempt> {
  return transaction(async (tx, atEnd) => {
    const locked = await lockTraces(tx, wantedOf(groups));
    const lack = lacking(groups, locked);
    if (lack !== null) return lack;
    const numbers = await numbersFor(tx, groups, locked);
    const works = new Map<string, Work>();
    const stored = takeAll(groups, { locked, numbers, works });
    await withdraw(tx, [...works.values()]);
    const save = () => [saveWork(tx, [...works.values()]), ...[...numbers.values()].map((one) => one.save(tx))];
    if (works.size > 0) atEnd(() => Promise.all(save()));
    return stored;
  });
}

/** Makes workflows in a transaction of their own, so that none is locked out of order. */
async function makeMissing(groups: Group[]): Promise<void> {
  const distinct = new Map(groups.map((group) => [workflowKey(group.projectId, group.workflow.id), group]));
  const inOrder = [...distinct].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
  await transaction(async (tx) => {
    for (const { projectId, actor, workflow } of inOrder) {
      const made = { projectId, ...workflow, definition: DEFAULT_DYNAMIC, allChannels: true };
      if (await insertWorkflow(tx, made))
        await auditAs(tx, actor, { action: "workflow.create", subjectId: workflow.id, projectId });
    }
  });
}

const moved = (groups: Group[], homes: ReadonlyMap<string, string>): Group[] =>
  groups.map((group) => {
    const id = homes.get(keyOf(group)) ?? group.workflow.id;
    return id === group.workflow.id ? group : { ...group, workflow: { id, name: id } };
  });

/** Another batch began the same trace in another workflow at the same time; a statement behind the one that met it says only that one failed. */
const isTwice = (error: unknown): boolean =>
  error instanceof Error &&
  (("constraint" in error && error.constraint === "instances_trace_key") ||
    ("code" in error && error.code === TRANSACTION_ABORTED));
const TRANSACTION_ABORTED = "25P02";

const MAX_ATTEMPTS = 6;

async function store(groups: Group[]): Promise<Stored> {
  let asked = groups;
  let failure: unknown = new AppError("unavailable", "Spans of these traces come too fast.", {
    headers: { "Retry-After": "1" },
  });
  for (let tried = 0; tried < MAX_ATTEMPTS; tried += 1) {
    const done = await attempt(asked).catch((error: unknown): null => {
      if (!isTwice(error) && !isPassing(error)) throw error;
      failure = error;
      return null;
    });
    if (done?.is === "stored") return done;
    if (done?.is === "elsewhere") asked = moved(asked, done.homes);
    if (done?.is === "missing") await makeMissing(done.groups);
  }
  throw failure;
}

/** Which of these traces have an instance. */
async function known(groups: Group[]): Promise<Set<string>> {
  if (groups.length === 0) return new Set();
  const { rows } = await pool().query<{ project_id: string; trace_id: string }>({
    name: "known-traces",
    text: `SELECT a.project_id, a.trace_id FROM unnest($1::uuid[], $2::text[]) AS a (project_id, trace_id)
            WHERE EXISTS (SELECT FROM instances i WHERE i.project_id = a.project_id AND i.trace_id = a.trace_id)`,
    values: [plainArray(groups.map(({ projectId }) => projectId)), plainArray(groups.map(({ traceId }) => traceId))],
  });
  return new Set(rows.map((row) => traceKey(row.project_id, row.trace_id)));
}

/** Those without a step matter only when they end an instance, which may yet begin. */
async function ofConcern(groups: Group[]): Promise<Group[]> {
  const ends = groups.filter((group) => !hasStep(group) && group.spans.some(({ root }) => root !== null));
  for (const group of ends) {
    const root = group.spans.find((span) => span.root !== null);
    if (root !== undefined) early.set(keyOf(group), root);
  }
  const begun = await known(ends);
  return groups.filter((group) => hasStep(group) || begun.has(keyOf(group)));
}

/**
 * Ends instances whose outermost span came before they began. Forgotten only then: whoever sends again what could not be
 * answered ends them.
 */
async function endEarly(groups: Group[]): Promise<void> {
  const ended = groups.flatMap((group): Group[] => {
    const root = hasStep(group) ? early.get(keyOf(group)) : undefined;
    return root === undefined ? [] : [{ ...group, spans: [root] }];
  });
  if (ended.length === 0) return;
  await store(ended);
  for (const group of ended) early.delete(keyOf(group));
}

/**
 * Stores what spans tell, those of a trace together, and resolves after the commit with how many of each batch were refused
 * and why. What was stored before is not stored again.
 */
export async function commitSpans(batches: SpanBatch[]): Promise<Refused[]> {
  const groups = await ofConcern(groupTraces(batches));
  const refused = batches.map((): Refused => ({ count: 0, reason: null }));
  if (groups.length === 0) return refused;
  const stored = await store(groups);
  // What was only kept in case it came too early has been stored.
  for (const group of groups) if (!hasStep(group)) early.delete(keyOf(group));
  await endEarly(groups);
  for (const { group, reason } of stored.refused) {
    for (const [batch, count] of group.steps) {
      const one = refused[batch];
      if (one !== undefined) refused[batch] = { count: one.count + count, reason };
    }
  }
  return refused;
}
