/** A refusal by our own API, or no answer at all (status 0). */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  /** What is wrong with which field, by its name. */
  readonly fields: Readonly<Record<string, string>>;

  constructor(status: number, body: Problem) {
    super(body.detail ?? body.error ?? "Something went wrong.");
    this.name = "ApiError";
    this.status = status;
    this.code = body.code ?? "unknown";
    this.fields = Object.fromEntries((body.invalid_params ?? []).map(({ name, reason }) => [name, reason]));
  }
}

type Problem = {
  detail?: string;
  /** The words of the management API. */
  error?: string;
  code?: string;
  invalid_params?: { name: string; reason: string }[];
};

type Asked = {
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  body?: unknown;
  projectId?: string;
  keepalive?: boolean;
};

const OFFLINE: Problem = { code: "offline", detail: "The connection is lost. Nothing was changed; try again." };

/**
 * Calls our own API from a page, as the person who is signed in, in the project that is named. `T` is what the endpoint
 * is documented to answer. Throws `ApiError`.
 */
export async function api<T = unknown>(
  path: string,
  { method = "GET", body, projectId, keepalive = false }: Asked = {},
): Promise<T> {
  const answer = await fetch(path, {
    method,
    keepalive,
    headers: {
      ...(body !== undefined && { "Content-Type": "application/json" }),
      ...(projectId !== undefined && { "X-Project-Id": projectId }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  }).catch(() => null);
  if (answer === null) throw new ApiError(0, OFFLINE);
  const text = await answer.text();
  const json: unknown = /json/.test(answer.headers.get("content-type") ?? "") && text !== "" ? JSON.parse(text) : {};
  if (!answer.ok) throw new ApiError(answer.status, json as Problem); // every field of it is optional
  return json as T; // documented by the endpoint
}
