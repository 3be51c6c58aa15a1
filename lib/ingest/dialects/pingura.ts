import { isUuid } from "@/lib/core/ids";
import { detailsOf } from "../details";
import { type Dialect, type Read, type RequestLine, type Sent, segmentsAfter, splitTarget } from "../dialect";
import { parseObject } from "../json";
import type { ParsedSignal, Target } from "../signal";
import { answerInJson, json, METHODS, refuseInJson } from "./json-answer";

const NAME = "pingura";
const TOKEN = /^[A-Za-z0-9_-]{1,100}$/;

/** What an address says of how it went: nothing, `fail`, or an exit code. Null when it says something else. */
function outcomeOf(suffix: string | undefined): Pick<ParsedSignal, "kind" | "exitStatus"> | null {
  if (suffix === undefined) return { kind: "success", exitStatus: null };
  if (suffix === "fail") return { kind: "fail", exitStatus: null };
  if (!/^\d{1,3}$/.test(suffix) || Number(suffix) > 255) return null;
  return { kind: Number(suffix) === 0 ? "success" : "fail", exitStatus: Number(suffix) };
}

/** A check by its heartbeat token or its uuid. */
export function targetOf(token: string): Target {
  const uuid = token.toLowerCase();
  return isUuid(uuid) ? { by: "uuid", uuid } : { by: "token", token };
}

type Asked = Pick<ParsedSignal, "target" | "kind" | "exitStatus"> & { query: URLSearchParams };

/** JSON in the body is metadata; what a query says comes first. Any other body is kept as it came. */
function read({ query, ...signal }: Asked, { body, isWhole }: Sent): Read {
  const object = body === null || !isWhole ? null : parseObject(body);
  const { status, message, duration, ...metadata } = object ?? {};
  const said = (name: string, inBody: unknown): unknown => query.get(name) ?? inBody;
  const details = detailsOf({
    status: said("status", status),
    message: said("message", message),
    duration: said("duration", duration),
    metadata,
  });
  return {
    signal: { ...signal, source: NAME, rid: null, run: "named", details, refusal: null },
    body: object === null ? body : null,
  };
}

function parse(line: RequestLine): ReturnType<Dialect["parse"]> {
  const { path, query } = splitTarget(line.target);
  const segments = segmentsAfter("/api/heartbeat/", path);
  if (segments === null) return null;
  if (line.method === "OPTIONS") return { status: 204, text: "" };
  if (!METHODS.includes(line.method)) return { status: 405, text: "A heartbeat is sent by GET, HEAD or POST." };
  const [token = "", suffix, ...rest] = segments;
  const outcome = outcomeOf(suffix);
  if (!TOKEN.test(token) || outcome === null || rest.length > 0)
    return { status: 404, text: "There is no such heartbeat." };
  const asked = { target: targetOf(token), ...outcome, query };
  return { read: (sent) => read(asked, sent) };
}

/** Pingura's heartbeats (reference document `pingura-heartbeats`; public contract §4). A status is a label and decides nothing. */
export const pingura: Dialect = {
  name: NAME,
  parse,
  refuse: refuseInJson,
  answer: (verdict, { refusal }, asked) => answerInJson(verdict, { asked, refusal }, () => json({ ok: true })),
};
