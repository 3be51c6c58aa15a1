import { splitTarget } from "@/lib/ingest/dialect";
import { readStage } from "@/lib/ingest/stages/read-stage";
import type { LoadedWorkflow } from "@/lib/workflows/loaded";
import { type Report, startWork, takeStage, tickInstance, type Work } from "@/lib/workflows/work";
import { type StageMoment, stageRequest } from "./stage-moment";

/** Past stages came with some key of the project; which one is kept nowhere. */
const SENT = { headers: { "x-api-key": "demonstration" }, isWhole: true };

function reportOf({ kind, id }: LoadedWorkflow, moment: StageMoment): Report {
  const { path, body } = stageRequest({ kind, id }, moment);
  const { query } = splitTarget(path);
  return readStage({ kind, workflowId: id }, query, { ...SENT, body: Buffer.from(body) }).report;
}

/** Lets time pass up to `until`: instances whose deadlines lie before fail when these come, as if it had been watched. */
function pass(work: Work, until: number): void {
  const due = work.workflow.instances.filter(
    ({ status, dueAt }) => status === "running" && dueAt !== null && dueAt <= until,
  );
  for (const instance of due.sort((a, b) => (a.dueAt ?? 0) - (b.dueAt ?? 0))) {
    tickInstance(work, instance, instance.dueAt ?? until);
  }
}

/**
 * The history of a workflow that all these stages were reported to, in order, by the same machine that stages go through:
 * to be stored as if each had been seen when it came. `now` is epoch milliseconds. Nothing may run in it yet.
 */
export function rehearse(workflow: LoadedWorkflow, moments: StageMoment[], now: number): Work {
  const work = startWork(workflow);
  const reached = new Set<string>();
  const isRepeat = (instanceId: string, path: string): boolean => reached.has(`${instanceId} ${path}`);
  for (const moment of moments) {
    pass(work, moment.at);
    const verdict = takeStage(work, reportOf(workflow, moment), { now: moment.at, isRepeat });
    if (verdict.is === "accepted") reached.add(`${verdict.instanceId} ${moment.stage}`);
  }
  pass(work, now);
  return work;
}
