import { env } from "@/lib/env";
import { arrive, keepStart } from "@/lib/ingest/arrival";
import type { Dialect, SignalAnswer } from "@/lib/ingest/dialect";
import { take } from "@/lib/ingest/door";
import { parseSignal } from "@/lib/ingest/grammar";
import type { ParsedSignal } from "@/lib/ingest/signal";
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

async function answer(request: Request, dialect: Dialect, parsed: ParsedSignal): Promise<SignalAnswer> {
  const { PING_BODY_LIMIT, TRUSTED_PROXY_HOPS } = env();
  const signal = arrive(parsed, {
    method: request.method,
    headers: Object.fromEntries(request.headers),
    socket: undefined,
    // Without a server of our own there is no connection to look at: the platform in front is a trusted proxy.
    hops: Math.max(1, TRUSTED_PROXY_HOPS),
    body: await keepStart(chunksOf(request), PING_BODY_LIMIT),
  });
  return dialect.answer(await take(signal), signal, PING_BODY_LIMIT);
}

function respond({ status, text, headers }: SignalAnswer, request: Request): Response {
  const body = request.method === "HEAD" || status === 204 ? null : text;
  const requestId = requestIdFrom(request.headers.get("x-request-id"));
  return new Response(body, { status, headers: { ...headers, "X-Request-Id": requestId } });
}

/** Signals as a route handler, for deployments without the front door. */
export async function signalRoute(request: Request): Promise<Response> {
  const { host, href, origin } = new URL(request.url);
  const found = parseSignal({
    method: request.method,
    host: (request.headers.get("host") ?? host).toLowerCase(),
    target: href.slice(origin.length),
    pingHost: env().PING_HOST,
  });
  if (found === null) return respond(NO_SIGNAL, request);
  const { dialect, parsed } = found;
  return respond("status" in parsed ? dialect.refuse(parsed) : await answer(request, dialect, parsed), request);
}
