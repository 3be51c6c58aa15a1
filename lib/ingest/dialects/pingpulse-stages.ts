import { AppError } from "@/lib/core/errors";
import { stageOf } from "@/lib/workflows/path";
import type { SignalAnswer } from "../dialect";
import { decodeSegment, type Headers, type Refusal, type RequestLine, splitTarget } from "../dialect";
import { storable } from "../json";
import type { StageOutcome } from "../stages/commit-stages";
import type { Accepted } from "../stages/once";
import { readStage } from "../stages/read-stage";
import type { StageAddress, StageSignal } from "../stages/stage-signal";
import { json, METHODS, problem } from "./json-answer";

const PREFIX = /^\/[sd]hk\//;
const SHAPE = /^\/([sd])hk\/([^/]+)\/?$/;

/** A stage signal whose body has not been read yet. */
export type UnreadStage = {
  readStage: (sent: { headers: Headers; body: Buffer | null; isWhole: boolean }) => StageSignal;
};

/** What a request says of a stage; null when its address is none of a workflow's. Pure. */
export function parseStage(line: RequestLine): UnreadStage | Refusal | null {
  if (!PREFIX.test(line.target)) return null;
  const { path, query } = splitTarget(line.target);
  const [, kind, id] = SHAPE.exec(path) ?? [];
  if (id === undefined) return null;
  if (line.method === "OPTIONS") return { status: 204, text: "" };
  if (!METHODS.includes(line.method)) return { status: 405, text: "This is sent by GET, HEAD or POST." };
  const workflowId = storable(decodeSegment(id));
  const address: StageAddress = { kind: kind === "s" ? "static" : "dynamic", workflowId };
  return { readStage: (sent) => readStage(address, query, sent) };
}

/** The answer to a stage that was taken. */
function taken({ kind, workflowId, report }: StageSignal, { instanceId, status }: Accepted): SignalAnswer {
  return json({
    status: "success",
    workflow_id: workflowId,
    instance_id: instanceId,
    ...(kind === "static" ? { stage_order: Number(report.path) } : { stage_path: report.path }),
    workflow_status: status,
    directive: status === "running" || status === "completed" ? "continue" : "stop",
  });
}

/** For a shell that must not go on: what was stored all the same (public contract §8). */
function stopped({ kind, workflowId, report }: StageSignal, { instanceId, status }: Accepted): AppError {
  const members = { workflow_id: workflowId, instance_id: instanceId, workflow_status: status, directive: "stop" };
  const received = stageOf(kind, report.path);
  return new AppError("budget_exceeded", "A limit of its costs has stopped the instance.", {
    members: { ...members, received },
  });
}

/** Says what became of a stage (reference document `pingpulse-api`, SHK and DHK; public contract §5). */
export function answerStage(outcome: StageOutcome, signal: StageSignal, requestId: string): SignalAnswer {
  if (outcome instanceof AppError) return problem(outcome, requestId);
  return signal.isEnforced && outcome.isStopped ? problem(stopped(signal, outcome), requestId) : taken(signal, outcome);
}
