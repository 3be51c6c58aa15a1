import type { Handler } from "@/lib/http/route";

type Call = {
  method?: string;
  path?: string;
  key?: string;
  body?: unknown;
  params?: Record<string, string | string[]>;
  headers?: Record<string, string>;
};

export type Answered = { status: number; headers: Headers; body: unknown; text: string };

/** Calls a route handler as HTTP would and reads the whole answer. A string body is sent as it is, others as JSON. */
export async function call(handler: Handler, { method = "GET", path = "/", ...rest }: Call = {}): Promise<Answered> {
  const request = new Request(new URL(path, "http://pulsetrail.test"), {
    method,
    headers: { ...(rest.key !== undefined && { "X-Api-Key": rest.key }), ...rest.headers },
    ...(rest.body !== undefined && { body: typeof rest.body === "string" ? rest.body : JSON.stringify(rest.body) }),
  });
  const response = await handler(request, { params: Promise.resolve(rest.params ?? {}) });
  const text = await response.text();
  const isJson = /\bjson/.test(response.headers.get("content-type") ?? "");
  return {
    status: response.status,
    headers: response.headers,
    body: isJson && text !== "" ? JSON.parse(text) : text,
    text,
  };
}
