/** Every error a caller can meet: code → HTTP status and title. The only such table. */
const CODES = {
  invalid_input: [400, "Invalid input"],
  invalid_json: [400, "Invalid JSON"],
  stage_missed: [400, "Stage missed"],
  unknown_stage: [400, "Unknown stage"],
  agent_required: [400, "Agent required"],
  unauthenticated: [401, "Unauthenticated"],
  budget_exceeded: [402, "Budget exceeded"],
  forbidden: [403, "Forbidden"],
  own_request: [403, "Own request"],
  not_an_approver: [403, "Not an approver"],
  not_found: [404, "Not found"],
  no_running_instance: [404, "No running instance"],
  method_not_allowed: [405, "Method not allowed"],
  conflict: [409, "Conflict"],
  ambiguous_slug: [409, "Ambiguous slug"],
  no_running_run: [409, "No running run"],
  stage_out_of_order: [409, "Stage out of order"],
  instance_paused: [409, "Instance paused"],
  instance_terminated: [409, "Instance terminated"],
  instance_completed: [409, "Instance completed"],
  instance_failed: [409, "Instance failed"],
  already_decided: [409, "Already decided"],
  already_voted: [409, "Already voted"],
  not_approved: [409, "Not approved"],
  already_claimed: [409, "Already claimed"],
  digest_mismatch: [409, "Digest mismatch"],
  not_paused: [409, "Not paused"],
  check_not_paused: [409, "Check is not paused"],
  delivery_in_progress: [409, "Delivery in progress"],
  idempotency_conflict: [409, "Idempotency conflict"],
  payload_too_large: [413, "Payload too large"],
  unsupported_media_type: [415, "Unsupported media type"],
  rate_limited: [429, "Too many requests"],
  internal: [500, "Internal error"],
  unavailable: [503, "Service unavailable"],
} as const satisfies Record<string, readonly [number, string]>;

export type ErrorCode = keyof typeof CODES;

export type InvalidParam = { name: string; reason: string };

type Details = {
  invalidParams?: InvalidParam[];
  headers?: Record<string, string>;
  /** Further members of the problem document (RFC 9457 §3.2). */
  members?: Record<string, unknown>;
  cause?: unknown;
};

/** The one error class of the domain; `lib/http` turns it into an answer. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly invalidParams: InvalidParam[];
  readonly headers: Record<string, string>;
  readonly members: Record<string, unknown>;

  constructor(code: ErrorCode, message: string, details: Details = {}) {
    super(message, { cause: details.cause });
    this.name = "AppError";
    this.code = code;
    this.invalidParams = details.invalidParams ?? [];
    this.headers = details.headers ?? {};
    this.members = details.members ?? {};
  }

  get status(): number {
    return CODES[this.code][0];
  }

  get title(): string {
    return CODES[this.code][1];
  }
}

/** A field the caller got wrong. */
export function invalid(name: string, reason: string): AppError {
  return new AppError("invalid_input", `${name}: ${reason}`, { invalidParams: [{ name, reason }] });
}

export function notFound(what: string): AppError {
  return new AppError("not_found", `There is no such ${what}.`);
}
