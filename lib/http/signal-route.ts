import { env } from "@/lib/env";
import { keepStart } from "@/lib/ingest/arrival";
import type { SignalAnswer } from "@/lib/ingest/dialect";
import { parseSignal } from "@/lib/ingest/grammar";
import { serve } from "@/lib/ingest/serve";
import { requestIdFrom } from "./request-id";

const NO_SIGNAL: SignalAnswer = {
  status: 404,
  text: "not found",
  headers: { "Content-Type": "text/plain; charset=utf-8" },
};

/** A body that was never there reads as one that is empty. */
async function* chunksOf(request: Request): AsyncGenerator<Uint8Array> {
  if (request.body !== null) yield* request.body;
}

function respond({ status, text, headers }: SignalAnswer, request: Request, requestId: string): Response {
  const body = request.method === "HEAD" || status === 204 ? null : text;
  return new Response(body, { status, headers: { ...headers, "X-Request-Id": requestId } });
}

/** Signals as a route handler, for deployments without the front door. */
export async function signalRoute(request: Request): Promise<Response> {
  const { host, href, origin } = new URL(request.url);
  const target = href.slice(origin.length);
  const found = parseSignal({
    method: request.method,
    host: (request.headers.get("host") ?? host).toLowerCase(),
    target,
    pingHost: env().PING_HOST,
  });
  const requestId = requestIdFrom(request.headers.get("x-request-id"));
  if (found === null) return respond(NO_SIGNAL, request, requestId);
  const answer = await serve(found, {
    method: request.method,
    target,
    headers: Object.fromEntries(request.headers),
    socket: undefined,
    // Without a server of our own there is no connection to look at: the platform in front is a trusted proxy.
    hops: Math.max(1, env().TRUSTED_PROXY_HOPS),
    requestId,
    body: (limit) => keepStart(chunksOf(request), limit),
  });
  return respond(answer, request, requestId);
}
