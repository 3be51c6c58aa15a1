import { isUuid } from "@/lib/core/ids";
import {
  type Asked,
  type Dialect,
  isOnPingHost,
  type Refusal,
  type RequestLine,
  type SignalAnswer,
  splitTarget,
  type Verdict,
} from "../dialect";
import type { ParsedSignal, Signal, SignalKind, Target } from "../signal";
import { failureInText, methodRefusal, NOT_FOUND, OPEN, refuseInText } from "./text-answer";

const NAME = "healthchecks";
const SLUG = /^[a-z0-9_-]{1,100}$/;
const RID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const KINDS: Readonly<Record<string, SignalKind>> = { start: "start", fail: "fail", log: "log" };
const BAD_URL = "invalid url format";

/** The path segments of a ping address, or null when the path is not one. */
function segmentsOf(line: RequestLine, path: string): string[] | null {
  const segments = path.slice(1).replace(/\/$/, "").split("/");
  if (segments[0] === "ping") return segments.slice(1);
  return isOnPingHost(line) || isUuid(segments[0] ?? "") ? segments : null;
}

type Action = { kind: SignalKind; exitStatus: number | null };

/** What the last segment asks for; null when it is no action. */
function actionOf(segment: string | undefined): Action | null {
  if (segment === undefined) return { kind: "success", exitStatus: null };
  if (Object.hasOwn(KINDS, segment)) return { kind: KINDS[segment] ?? "log", exitStatus: null };
  if (!/^[0-9]+$/.test(segment)) return null;
  const exitStatus = Number(segment);
  return { kind: exitStatus === 0 ? "success" : "fail", exitStatus };
}

function byUuid([uuid = "", suffix, ...rest]: string[]): { target: Target; action: Action } | null {
  const action = actionOf(suffix);
  return isUuid(uuid) && action !== null && rest.length === 0 ? { target: { by: "uuid", uuid }, action } : null;
}

function bySlug(
  [pingKey, slug, suffix, ...rest]: string[],
  create: boolean,
): { target: Target; action: Action } | Refusal {
  const action = actionOf(suffix);
  if (!pingKey || !slug || action === null || rest.length > 0) return NOT_FOUND;
  if (!SLUG.test(slug)) return { status: 400, text: BAD_URL };
  return { target: { by: "slug", pingKey, slug, create }, action };
}

function refusalOf(exitStatus: number | null, rid: string | undefined): string | null {
  if (exitStatus !== null && exitStatus > 255) return BAD_URL;
  return rid !== undefined && !RID.test(rid) ? "invalid uuid format" : null;
}

/**
 * Reads a request line. An unknown check is 404 before its exit status or run id is looked at, so those refusals wait.
 */
function parse(line: RequestLine): ParsedSignal | Refusal | null {
  const { path, query } = splitTarget(line.target);
  const segments = segmentsOf(line, path);
  if (segments === null) return null;
  const refused = methodRefusal(line.method);
  if (refused !== null) return refused;
  const address = byUuid(segments) ?? bySlug(segments, query.getAll("create").at(-1) === "1");
  if ("status" in address) return address;
  const { kind, exitStatus } = address.action;
  const rid = query.getAll("rid").at(-1);
  const refusal = refusalOf(exitStatus, rid);
  return {
    source: NAME,
    target: address.target,
    kind,
    exitStatus,
    rid: rid?.toLowerCase() ?? null,
    run: "named",
    details: null,
    refusal,
  };
}

const acceptedAnswers = new Map<string, SignalAnswer>();

/** The answer to an accepted signal, made once for each of the two. */
function accepted(status: 200 | 201, bodyLimit: number): SignalAnswer {
  const known = acceptedAnswers.get(`${status} ${bodyLimit}`);
  if (known !== undefined) return known;
  const headers = { ...OPEN, "Ping-Body-Limit": String(bodyLimit) };
  const made = { status, text: status === 201 ? "Created" : "OK", headers };
  acceptedAnswers.set(`${status} ${bodyLimit}`, made);
  return made;
}

function answer(verdict: Verdict, signal: Signal, { bodyLimit }: Asked): SignalAnswer {
  switch (verdict.is) {
    case "recorded":
      return accepted(200, bodyLimit);
    case "created":
      return accepted(201, bodyLimit);
    default:
      return failureInText(verdict, signal.refusal);
  }
}

/** The Pinging API of Healthchecks (reference documents `pinging-api-*`; public contract §3). */
export const healthchecks: Dialect = { name: NAME, parse, refuse: refuseInText, answer };
