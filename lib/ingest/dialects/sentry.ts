import { isUuid } from "@/lib/core/ids";
import type { JsonObject } from "@/lib/core/json-object";
import { detailsOf } from "../details";
import {
  type Asked,
  type Dialect,
  decodeSegment,
  type Read,
  type Refusal,
  type RequestLine,
  type Sent,
  type SignalAnswer,
  splitTarget,
  type Verdict,
} from "../dialect";
import { parseObject, storable, textOf } from "../json";
import type { Config, Effect, ParsedSignal, RunRule, Signal, SignalKind, Target } from "../signal";
import { answerInJson, json, METHODS, refuseInJson } from "./json-answer";
import { readMonitor } from "./sentry-monitor";

const NAME = "sentry";
const SHAPE = /^\/api\/[^/]+\/cron\/([^/]+)\/([^/]+)\/?$/;
const SLUG = /^[a-z0-9_-]{1,100}$/;
const DURATION_LENGTH = 100;
const HEX = /^[0-9a-f]{32}$/;
const NOBODY = "00000000-0000-0000-0000-000000000000";
/** What becomes of a check-in: its kind, and the run it is about when it names none. */
const STATUSES: ReadonlyMap<unknown, { kind: SignalKind; run: RunRule }> = new Map([
  ["in_progress", { kind: "start", run: "own" }],
  ["ok", { kind: "success", run: "latest" }],
  ["error", { kind: "fail", run: "latest" }],
]);

/** The id of a check-in in canonical form; null when it names none, undefined when it cannot be one. */
function readId(said: unknown): string | null | undefined {
  if (said === undefined || said === null) return null;
  const text = typeof said === "string" ? said.toLowerCase() : "no text";
  const canonical = HEX.test(text) ? text.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5") : text;
  if (canonical === "" || canonical === NOBODY) return null;
  return isUuid(canonical) ? canonical : undefined;
}

/** What a check-in says, wherever it says it: the query comes first. */
function saidIn(query: URLSearchParams, body: JsonObject): JsonObject {
  return { ...body, ...Object.fromEntries(query) };
}

type Address = { slug: string; key: string };

/** Slugs have no capitals, as names there may. A monitor that is unknown is made where its settings are told. */
function targetOf({ slug, key }: Address, config: Config | undefined): Target {
  const name = storable(decodeSegment(slug)).toLowerCase();
  const known = { by: "key", key: storable(decodeSegment(key)), name, create: false } as const;
  if (config === undefined) return known;
  return { ...known, config, create: "given" in config && SLUG.test(name) && !isUuid(name) };
}

/** Settings come in JSON only; what of them means nothing here is metadata. */
function configIn(object: JsonObject | null): { config: Config | undefined; kept: JsonObject } {
  const { monitor_config: said } = object ?? {};
  if (said === undefined || said === null) return { config: undefined, kept: {} };
  const { config, rest } = readMonitor(said);
  return { config, kept: rest === undefined ? {} : { monitor_config: rest } };
}

/** A body counts as text of the job unless it is JSON. */
function read(address: Address, query: URLSearchParams, { body, isWhole }: Sent): Read | Refusal {
  if (!isWhole) return { status: 413, text: "The body is larger than 1 MB." };
  const object = body === null ? null : parseObject(body);
  const { config, kept } = configIn(object);
  const { monitor_config: _config, ...said } = object ?? {};
  const {
    status,
    check_in_id: id,
    duration,
    monitor_slug: _slug,
    sentry_key: _key,
    ...metadata
  } = saidIn(query, { ...said, ...kept });
  const meant = STATUSES.get(status);
  if (meant === undefined) return { status: 400, text: "status must be one of in_progress, ok, error." };
  const rid = readId(id);
  if (rid === undefined) return { status: 400, text: "check_in_id must be a UUID." };
  const signal: ParsedSignal = {
    source: NAME,
    target: targetOf(address, config),
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

/** What is wrong with the settings that came with a check-in; null when nothing is. */
function complaintOf({ target }: Signal): string | null {
  return target.by === "key" && target.config !== undefined && "wrong" in target.config ? target.config.wrong : null;
}

/** The id of the check-in, so that its end can name it, and why its settings were not taken. */
function taken({ transition, rid }: Effect, signal: Signal) {
  const run = transition.startedRun ?? transition.endedRuns.find((ended) => ended.status !== "abandoned")?.run;
  const complaint = complaintOf(signal);
  return json({ id: run?.rid ?? run?.id ?? rid, ...(complaint !== null && { monitor_config_error: complaint }) }, 202);
}

/** A monitor that would have been made, had its settings been right, is missing because of them. */
function answer(verdict: Verdict, signal: Signal, asked: Asked): SignalAnswer {
  const complaint = verdict.is === "not_found" ? complaintOf(signal) : null;
  if (complaint !== null) return refuseInJson({ status: 400, text: complaint }, asked);
  return answerInJson(verdict, { asked, refusal: signal.refusal }, (effect) => taken(effect, signal));
}

/** Check-ins of Sentry Crons: `/api/<project>/cron/<slug>/<key>/`, in the query or in JSON. The project may be anything. */
export const sentry: Dialect = {
  name: NAME,
  parse,
  refuse: refuseInJson,
  answer,
};
