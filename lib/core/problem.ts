import type { AppError } from "./errors";

/** The body of an RFC 9457 problem document. */
export function problemBody(failure: AppError, requestId: string): object {
  return {
    type: "about:blank",
    title: failure.title,
    status: failure.status,
    detail: failure.message,
    code: failure.code,
    request_id: requestId,
    ...failure.members,
    ...(failure.invalidParams.length > 0 && { invalid_params: failure.invalidParams }),
  };
}
