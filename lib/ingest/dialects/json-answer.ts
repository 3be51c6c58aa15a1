import { AppError, type ErrorCode } from "@/lib/core/errors";
import { problemBody } from "@/lib/core/problem";
import type { Asked, Refusal, SignalAnswer, Unable, Verdict } from "../dialect";
import type { Effect } from "../signal";

const HEADERS = {
  "Content-Type": "application/json",
  "Cache-Control": "no-store",
  "Access-Control-Allow-Origin": "*",
};

export const METHODS = ["HEAD", "GET", "POST"];
const ALLOW = [...METHODS, "OPTIONS"].join(", ");

/** A JSON answer to a signal that was taken. */
export function json(body: object, status = 200): SignalAnswer {
  return { status, text: JSON.stringify(body), headers: HEADERS };
}

/** A failure as problem details. */
export function problem(failure: AppError, requestId: string): SignalAnswer {
  return {
    status: failure.status,
    text: JSON.stringify(problemBody(failure, requestId)),
    headers: { ...HEADERS, "Content-Type": "application/problem+json", ...failure.headers },
  };
}

const CODES: Readonly<Record<Exclude<Refusal["status"], 204>, ErrorCode>> = {
  400: "invalid_input",
  401: "unauthenticated",
  404: "not_found",
  405: "method_not_allowed",
  413: "payload_too_large",
  500: "internal",
};

/** A refusal as problem details; a preflight is answered with what is allowed. */
export function refuseInJson({ status, text }: Refusal, asked: Asked): SignalAnswer {
  if (status === 204) {
    const allowed = {
      "Access-Control-Allow-Origin": "*",
      "Access-Control-Allow-Methods": ALLOW,
      "Access-Control-Allow-Headers": "Authorization, Content-Type, Idempotency-Key, X-Api-Key",
      "Access-Control-Max-Age": "86400",
    };
    return { status, text: "", headers: allowed };
  }
  return problem(
    new AppError(CODES[status], text, status === 405 ? { headers: { Allow: ALLOW } } : {}),
    asked.requestId,
  );
}

/** Why no signal of any kind could be taken. */
export function unable(verdict: Unable): AppError {
  switch (verdict.is) {
    case "limited":
      return new AppError("rate_limited", "Too many signals to one subject.", { headers: verdict.headers });
    case "unavailable":
      return new AppError("unavailable", "Try again later.", {
        headers: { "Retry-After": String(verdict.retryAfter) },
      });
    case "failed":
      return new AppError("internal", "Something went wrong on our side.");
  }
}

/** Why a signal was not taken. */
export function failureOf(verdict: Exclude<Verdict, { effect: unknown }>, refusal: string | null): AppError {
  switch (verdict.is) {
    case "not_found":
      return new AppError("not_found", "There is no such check.");
    case "ambiguous":
      return new AppError("ambiguous_slug", "Several checks have this slug: use a uuid.");
    case "unauthenticated":
      return new AppError("unauthenticated", "The key is unknown, revoked or expired.");
    case "forbidden":
      return new AppError("forbidden", "This key lacks the scope ping, or the check belongs to another project.");
    case "no_running_run":
      return new AppError("no_running_run", "No such run is under way.");
    case "refused":
      return new AppError("invalid_input", refusal ?? "The request cannot be read.");
    default:
      return unable(verdict);
  }
}

/** The answer to a signal: `taken` says it when it was recorded, problem details otherwise. */
export function answerInJson(
  verdict: Verdict,
  { asked, refusal }: { asked: Asked; refusal: string | null },
  taken: (effect: Effect) => SignalAnswer,
): SignalAnswer {
  return "effect" in verdict ? taken(verdict.effect) : problem(failureOf(verdict, refusal), asked.requestId);
}
