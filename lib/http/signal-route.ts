import { env } from "@/lib/env";
import { clientAddress } from "@/lib/ingest/client-address";
import { refuse, type SignalAnswer, take } from "@/lib/ingest/door";
import { type ParsedSignal, parseSignal } from "@/lib/ingest/grammar";
import type { Signal } from "@/lib/ingest/signal";
import { requestIdFrom } from "./request-id";

/** Reads a body to its end and keeps its first `limit` bytes. */
async function readBody(request: Request, limit: number): Promise<Buffer | null> {
  const kept: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    if (size < limit) kept.push(chunk.subarray(0, limit - size));
    size += chunk.byteLength;
  }
  return size === 0 ? null : Buffer.concat(kept);
}

function toSignal(parsed: ParsedSignal, request: Request, body: Buffer | null): Signal {
  // Without a server of our own there is no socket to look at: the platform in front is the one trusted proxy.
  const hops = Math.max(1, env().TRUSTED_PROXY_HOPS);
  const forwarded = request.headers.get("x-forwarded-for") ?? undefined;
  return {
    ...parsed,
    source: "healthchecks",
    method: request.method,
    scheme: request.headers.get("x-forwarded-proto") === "https" ? "https" : "http",
    remoteAddr: clientAddress({ socket: undefined, forwarded, hops }),
    userAgent: (request.headers.get("user-agent") ?? "").slice(0, 200),
    body,
  };
}

function toResponse({ status, text, headers }: SignalAnswer, request: Request): Response {
  const body = request.method === "HEAD" || status === 204 ? null : text;
  const requestId = requestIdFrom(request.headers.get("x-request-id"));
  return new Response(body, { status, headers: { ...headers, "X-Request-Id": requestId } });
}

/** The Pinging API as a route handler, for deployments without the front door. */
export async function signalRoute(request: Request): Promise<Response> {
  const { host, href, origin } = new URL(request.url);
  const line = {
    method: request.method,
    host: (request.headers.get("host") ?? host).toLowerCase(),
    target: href.slice(origin.length),
  };
  const limit = env().PING_BODY_LIMIT;
  const parsed = parseSignal({ ...line, pingHost: env().PING_HOST });
  if (parsed === null) return toResponse(refuse({ status: 404, text: "not found" }), request);
  if ("status" in parsed) return toResponse(refuse(parsed), request);
  return toResponse(await take(toSignal(parsed, request, await readBody(request, limit)), limit), request);
}
