import { z } from "zod";
import { AppError, type InvalidParam } from "@/lib/core/errors";
import { problemBody } from "@/lib/core/problem";
import { isDatabaseAway } from "@/lib/db/failure";
import { log } from "@/lib/log";

/** Fields that nobody asked for are named one by one, as any other that is wrong. */
function paramsOf(issue: z.core.$ZodIssue): InvalidParam[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({ name: [...issue.path, key].join("."), reason: "is not known here" }));
  }
  return [{ name: issue.path.join(".") || "body", reason: issue.message }];
}

function fromZod(error: z.ZodError): AppError {
  const invalidParams = error.issues.flatMap(paramsOf);
  const [first] = invalidParams;
  return new AppError("invalid_input", `${first?.name}: ${first?.reason}`, { invalidParams });
}

/** Any failure as an AppError; what is not the caller's doing is logged and loses its own words. */
export function toAppError(error: unknown, requestId: string): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof z.ZodError) return fromZod(error);
  log.error({ err: error, requestId }, "request failed");
  if (isDatabaseAway(error)) {
    return new AppError("unavailable", "The database does not answer.", { headers: { "Retry-After": "5" } });
  }
  return new AppError("internal", "Something went wrong on our side.");
}

/** RFC 9457 problem details; `extra` headers come with whatever the failure itself asks for. */
export function problem(error: unknown, requestId: string, extra: Record<string, string> = {}): Response {
  const failure = toAppError(error, requestId);
  return new Response(JSON.stringify(problemBody(failure, requestId)), {
    status: failure.status,
    headers: {
      "Content-Type": "application/problem+json",
      "Cache-Control": "no-store",
      "X-Request-Id": requestId,
      ...extra,
      ...failure.headers,
    },
  });
}
