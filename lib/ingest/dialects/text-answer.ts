import type { Refusal, SignalAnswer, Verdict } from "../dialect";
import { METHODS } from "./json-answer";

const TEXT = { "Content-Type": "text/plain; charset=utf-8" };
export const OPEN = { ...TEXT, "Access-Control-Allow-Origin": "*", "Cache-Control": "no-store" };
export const NOT_FOUND: Refusal = { status: 404, text: "not found" };

const PREFLIGHT = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Allow-Methods": METHODS.join(", "),
  "Access-Control-Max-Age": "86400",
};
const ALLOW = { Allow: [...METHODS, "OPTIONS"].join(", ") };

/** The refusal of a method that is no signal; null of one that is. */
export function methodRefusal(method: string): Refusal | null {
  if (method === "OPTIONS") return { status: 204, text: "" };
  return METHODS.includes(method) ? null : { status: 405, text: "method not allowed" };
}

/** A refusal in plain text; a preflight is answered with what is allowed. */
export function refuseInText({ status, text }: Refusal): SignalAnswer {
  if (status === 204) return { status, text, headers: PREFLIGHT };
  return { status, text, headers: status === 405 ? { ...TEXT, ...ALLOW } : TEXT };
}

/** Why a signal was not taken, in plain text. */
export function failureInText(verdict: Exclude<Verdict, { effect: unknown }>, refusal: string | null): SignalAnswer {
  switch (verdict.is) {
    case "not_found":
    case "no_running_run":
      return { status: 404, text: "not found", headers: TEXT };
    case "unauthenticated":
      return { status: 401, text: "unknown key", headers: TEXT };
    case "forbidden":
      return { status: 403, text: "not allowed with this key", headers: TEXT };
    case "ambiguous":
      return { status: 409, text: "ambiguous slug", headers: TEXT };
    case "refused":
      return { status: 400, text: refusal ?? "invalid url format", headers: TEXT };
    case "limited":
      return { status: 429, text: "too many requests", headers: { ...TEXT, ...verdict.headers } };
    case "unavailable":
      return { status: 503, text: "try again later", headers: { ...TEXT, "Retry-After": String(verdict.retryAfter) } };
    case "failed":
      return { status: 500, text: "something went wrong on our side", headers: TEXT };
  }
}

const OK: SignalAnswer = { status: 200, text: "OK", headers: OPEN };

/** The answer to a signal: `taken` when it was recorded, else why not. */
export function answerInText(verdict: Verdict, refusal: string | null, taken: SignalAnswer = OK): SignalAnswer {
  return "effect" in verdict ? taken : failureInText(verdict, refusal);
}
