import { isUuid } from "@/lib/core/ids";
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
import { parseObject, storable, textOf } from "../json";
import type { Effect, JsonObject, ParsedSignal, RunRule, Signal, SignalKind } from "../signal";
import { answerInJson, json, METHODS, refuseInJson } from "./json-answer";

const NAME = "sentry";
const SHAPE = /^\/api\/[^/]+\/cron\/([^/]+)\/([^/]+)\/?$/;
const DURATION_LENGTH = 100;
const HEX = /^[0-9a-f]{32}$/;
const NOBODY = "00000000-0000-0000-0000-000000000000";
/** What becomes of a check-in: its kind, and the run it is about when it names none. */
const STATUSES: ReadonlyMap<string, { kind: SignalKind; run: RunRule }> = new Map([
  ["in_progress", { kind: "start", run: "own" }],
  ["ok", { kind: "success", run: "latest" }],
  ["error", { kind: "fail", run: "latest" }],
]);

/** The id of a check-in in canonical form; null when it names none, undefined when it cannot be one. */
function readId(said: unknown): string | null | undefined {
  const text = String(said ?? "").toLowerCase();
  const canonical = HEX.test(text) ? text.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5") : text;
  if (canonical === "" || canonical === NOBODY) return null;
  return isUuid(canonical) ? canonical : undefined;
}

/** What a check-in says, wherever it says it: the query comes first. */
function saidIn(query: URLSearchParams, body: JsonObject): JsonObject {
  return { ...body, ...Object.fromEntries(query) };
}

type Address = { slug: string; key: string };

/** A body counts as text of the job unless it is JSON. */
function read({ slug, key }: Address, query: URLSearchParams, { body, isWhole }: Sent): Read | Refusal {
  if (!isWhole) return { status: 413, text: "The body is larger than 1 MB." };
  const object = body === null ? null : parseObject(body);
  const { status, check_in_id: id, duration, monitor_slug: _slug, ...metadata } = saidIn(query, object ?? {});
  const meant = STATUSES.get(String(status));
  if (meant === undefined) return { status: 400, text: "status must be one of in_progress, ok, error." };
  const rid = readId(id);
  if (rid === undefined) return { status: 400, text: "check_in_id must be a UUID." };
  const name = storable(decodeSegment(slug)).toLowerCase();
  const signal: ParsedSignal = {
    source: NAME,
    target: { by: "key", key: storable(decodeSegment(key)), name, create: false },
    ...meant,
    exitStatus: null,
    rid,
    details: detailsOf({ duration: textOf(duration, DURATION_LENGTH), metadata }),
    refusal: null,
  };
  return { signal, body: object === null ? body : null };
}

function parse(line: RequestLine): ReturnType<Dialect["parse"]> {
  if (!line.target.startsWith("/api/") || !line.target.includes("/cron/")) return null;
  const { path, query } = splitTarget(line.target);
  const [, slug, key] = SHAPE.exec(path) ?? [];
  if (slug === undefined || key === undefined) return null;
  if (line.method === "OPTIONS") return { status: 204, text: "" };
  if (!METHODS.includes(line.method)) return { status: 405, text: "A check-in is sent by GET, HEAD or POST." };
  return { read: (sent) => read({ slug, key }, query, sent) };
}

/** The id of the check-in, so that its end can name it. */
function taken({ transition }: Effect, { rid }: Signal) {
  const run = transition.startedRun ?? transition.endedRuns.find((ended) => ended.status !== "abandoned")?.run;
  return json({ id: run?.rid ?? rid }, 202);
}

/** Check-ins of Sentry Crons: `/api/<project>/cron/<slug>/<key>/`, in the query or in JSON. The project may be anything. */
export const sentry: Dialect = {
  name: NAME,
  parse,
  refuse: refuseInJson,
  answer: (verdict, signal, asked) =>
    answerInJson(verdict, { asked, refusal: signal.refusal }, (effect) => taken(effect, signal)),
};
