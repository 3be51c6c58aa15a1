import { detailsOf } from "../details";
import { type Dialect, type Read, type RequestLine, type Sent, segmentsAfter, splitTarget } from "../dialect";
import { parseObject } from "../json";
import type { ParsedSignal } from "../signal";
import { readTokenPath } from "../token-path";
import { answerInJson, json, METHODS, refuseInJson } from "./json-answer";

const NAME = "pingura";
const PREFIX = "/api/heartbeat/";

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
  if (!line.target.startsWith(PREFIX)) return null;
  const { path, query } = splitTarget(line.target);
  if (line.method === "OPTIONS") return { status: 204, text: "" };
  if (!METHODS.includes(line.method)) return { status: 405, text: "A heartbeat is sent by GET, HEAD or POST." };
  const said = readTokenPath(segmentsAfter(PREFIX, path));
  if (said === null) return { status: 404, text: "There is no such heartbeat." };
  return { read: (sent) => read({ ...said, query }, sent) };
}

/** Pingura's heartbeats (reference document `pingura-heartbeats`; public contract §4). A status is a label and decides nothing. */
export const pingura: Dialect = {
  name: NAME,
  parse,
  refuse: refuseInJson,
  answer: (verdict, { refusal }, asked) => answerInJson(verdict, { asked, refusal }, () => json({ ok: true })),
};
