import { detailsOf } from "../details";
import { type Asked, type Dialect, type Refusal, type RequestLine, type SignalAnswer, splitTarget } from "../dialect";
import { targetOf } from "../token-path";
import { failureOf, json, refuseInJson } from "./json-answer";

const NAME = "uptime-kuma";
const SHAPE = /^\/api\/push\/([^/]*)\/?$/;
const UNKNOWN = "Monitor not found or not active.";

/** Only `up` is well, and so is to say nothing. */
function kindOf(status: string): "success" | "fail" {
  return status === "up" || status === "" ? "success" : "fail";
}

function parse(line: RequestLine): ReturnType<Dialect["parse"]> {
  if (!line.target.startsWith("/api/push/")) return null;
  const { path, query } = splitTarget(line.target);
  if (line.method === "OPTIONS") return { status: 204, text: "" };
  const target = targetOf(SHAPE.exec(path)?.[1] ?? "");
  if (target === null) return { status: 404, text: UNKNOWN };
  return {
    source: NAME,
    target,
    kind: kindOf(query.get("status") ?? ""),
    exitStatus: null,
    rid: null,
    run: "named",
    details: detailsOf({ message: query.get("msg"), durationMs: query.get("ping") ?? undefined }),
    refusal: null,
  };
}

/** A refusal as Uptime Kuma words it. */
function refuse(refusal: Refusal, asked: Asked): SignalAnswer {
  if (refusal.status === 204) return refuseInJson(refusal, asked);
  return json({ ok: false, msg: refusal.text }, refusal.status);
}

/** Push monitors of Uptime Kuma: `/api/push/<token>?status=up|down&msg=&ping=`, by any method; `ping` is in milliseconds. */
export const uptimeKuma: Dialect = {
  name: NAME,
  parse,
  refuse,
  answer: (verdict, { refusal }) => {
    if ("effect" in verdict) return json({ ok: true });
    const failure = failureOf(verdict, refusal);
    const { headers, ...said } = json(
      { ok: false, msg: verdict.is === "not_found" ? UNKNOWN : failure.message },
      failure.status,
    );
    return { ...said, headers: { ...headers, ...failure.headers } };
  },
};
