import { health, nextExpected } from "@/lib/checks/state";
import { isObject, type JsonObject } from "@/lib/core/json-object";
import { iso } from "@/lib/core/time";
import { detailsOf } from "../details";
import {
  type Dialect,
  decodeSegment,
  type Read,
  type Refusal,
  type RequestLine,
  type Sent,
  splitTarget,
} from "../dialect";
import { storable, textOf } from "../json";
import { type Keyed, readKeyed } from "../keyed";
import type { Effect, ParsedSignal, Signal } from "../signal";
import { readStatus } from "../status-words";
import { answerInJson, json, METHODS, refuseInJson } from "./json-answer";

const NAME_LENGTH = 100;
const RUN_ID_LENGTH = 100;
const PREFIX = /^\/(?:hbk|hhk|phk)\//;
const SHAPE = /^\/(?:(hbk|hhk)\/([^/]+)|phk\/([^/]+)\/(start|finish))\/?$/;

/** What an address asks for. */
type Address = { name: string; verb: "pulse" | "start" | "finish" };

function addressOf(path: string): Address | null {
  const match = SHAPE.exec(path);
  if (match === null) return null;
  const [, , target, hook, verb] = match;
  const name = decodeSegment(target ?? hook ?? "");
  return { name, verb: verb === "start" || verb === "finish" ? verb : "pulse" };
}

type Said = Pick<ParsedSignal, "kind" | "exitStatus" | "rid" | "run" | "details">;

/** A pulse: what comes in the body besides key and status is metadata. */
function pulse({ body }: Keyed, query: URLSearchParams): Said {
  const { status: inBody, ...metadata } = body;
  const status = query.get("status") ?? textOf(inBody, NAME_LENGTH);
  const { kind, exitStatus } = readStatus(status);
  return { kind, exitStatus, rid: null, run: "named", details: detailsOf({ status, metadata }) };
}

function ridIn(body: JsonObject, query: URLSearchParams): string | null {
  return textOf(query.get("run_id") ?? body["run_id"], RUN_ID_LENGTH) ?? null;
}

/** The metadata of a hook, with what else came beside it, such as the agent that sent it. */
function metadataIn({ metadata, run_id, status, exit_code, duration_ms, ...beside }: JsonObject): JsonObject {
  return { ...beside, ...(isObject(metadata) ? metadata : metadata !== undefined && { metadata }) };
}

function start({ body }: Keyed, query: URLSearchParams): Said {
  const details = detailsOf({ metadata: metadataIn(body) });
  return { kind: "start", exitStatus: null, rid: ridIn(body, query), run: "own", details };
}

/** How a run ended: by its exit code when there is one, else by its status. */
function endOf(
  said: JsonObject,
  query: URLSearchParams,
): { status: string | undefined; ended: ReturnType<typeof readStatus> } {
  const status = query.get("status") ?? textOf(said["status"], NAME_LENGTH);
  const exitCode = query.get("exit_code") ?? textOf(said["exit_code"], NAME_LENGTH);
  const byStatus = readStatus(status);
  if (exitCode === undefined) return { status, ended: byStatus };
  const byCode = readStatus(exitCode);
  return { status, ended: { ...byCode, kind: byStatus.kind === "fail" ? "fail" : byCode.kind } };
}

function finish({ body }: Keyed, query: URLSearchParams): Said {
  const metadata = metadataIn(body);
  const { exit_code: exitCode = metadata["exit_code"], duration_ms: durationMs = metadata["duration_ms"] } = body;
  const { status, ended } = endOf(
    { ...metadata, exit_code: exitCode, status: body["status"] ?? metadata["status"] },
    query,
  );
  const details = detailsOf({ status, durationMs, metadata });
  return { ...ended, rid: ridIn(body, query), run: "newest", details };
}

const READERS = { pulse, start, finish };

function read({ name, verb }: Address, query: URLSearchParams, sent: Sent): Read | Refusal {
  const keyed = readKeyed(sent, query);
  if ("status" in keyed) return keyed;
  const target = { by: "key", key: keyed.key, name: storable(name.slice(0, NAME_LENGTH)), create: false } as const;
  const source = verb === "pulse" ? "pingpulse-pulse" : "pingpulse-hook";
  return { signal: { source, target, refusal: null, ...READERS[verb](keyed, query) }, body: null };
}

function parse(line: RequestLine): ReturnType<Dialect["parse"]> {
  if (!PREFIX.test(line.target)) return null;
  const { path, query } = splitTarget(line.target);
  const address = addressOf(path);
  if (address === null) return null;
  if (line.method === "OPTIONS") return { status: 204, text: "" };
  if (!METHODS.includes(line.method)) return { status: 405, text: "This is sent by GET, HEAD or POST." };
  return { read: (sent) => read(address, query, sent) };
}

const STATES = { up: "healthy", new: "healthy", late: "late", down: "down", paused: "paused" };

function pulseTaken({ after, now }: Effect, { target }: Signal) {
  return json({
    status: "success",
    target_id: "name" in target ? target.name : "",
    state: STATES[health(after, now)],
    next_expected_at: iso(nextExpected(after)),
  });
}

function hookTaken({ hookId, transition, now }: Effect, { rid, kind }: Signal) {
  const about = { status: "success", process_hook_id: hookId };
  const { startedRun, endedRuns, durationMs } = transition;
  if (kind === "start")
    return json({ ...about, run_id: startedRun?.rid ?? rid, started_at: iso(startedRun?.startedAt ?? now) });
  const matched = endedRuns.find((run) => run.status !== "abandoned");
  const ended = matched ?? endedRuns[0];
  // The rules of a check may make another outcome of what was said.
  const runStatus = matched?.status ?? (kind === "success" ? "success" : "failed");
  return json({ ...about, run_id: ended?.run.rid ?? rid, run_status: runStatus, duration_ms: durationMs });
}

/** Pulses and process hooks of PingPulse (reference document `pingpulse-api`, HBK and PHK; public contract §4). */
export const pingpulse: Dialect = {
  name: "pingpulse",
  parse,
  refuse: refuseInJson,
  answer: (verdict, signal, asked) =>
    answerInJson(verdict, { asked, refusal: signal.refusal }, (effect) =>
      signal.source === "pingpulse-hook" ? hookTaken(effect, signal) : pulseTaken(effect, signal),
    ),
};
