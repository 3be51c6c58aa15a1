import type { IncomingMessage, ServerResponse } from "node:http";
import { env } from "@/lib/env";
import { log } from "@/lib/log";
import { clientAddress } from "./client-address";
import { refuse, type SignalAnswer, take } from "./door";
import { type ParsedSignal, parseSignal } from "./grammar";
import type { Signal } from "./signal";

const header = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value.join(",") : value;

/** Reads a body to its end and keeps its first `limit` bytes. Rejects when the client goes away before the end. */
async function readBody(request: IncomingMessage, limit: number): Promise<Buffer | null> {
  const kept: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    // no encoding is set, so chunks are buffers
    if (size < limit) kept.push(chunk.subarray(0, limit - size));
    size += chunk.length;
  }
  return size === 0 ? null : Buffer.concat(kept);
}

function toSignal(parsed: ParsedSignal, request: IncomingMessage, body: Buffer | null): Signal {
  const hops = env().TRUSTED_PROXY_HOPS;
  const { headers, socket, method = "GET" } = request;
  const isHttps = hops > 0 && header(headers["x-forwarded-proto"])?.split(",")[0]?.trim() === "https";
  return {
    ...parsed,
    source: "healthchecks",
    method,
    scheme: isHttps ? "https" : "http",
    remoteAddr: clientAddress({ socket: socket.remoteAddress, forwarded: header(headers["x-forwarded-for"]), hops }),
    userAgent: (headers["user-agent"] ?? "").slice(0, 200),
    body,
  };
}

function send(response: ServerResponse, { status, text, headers }: SignalAnswer): void {
  response.writeHead(status, { ...headers, ...(status !== 204 && { "Content-Length": Buffer.byteLength(text) }) });
  response.end(response.req.method === "HEAD" ? undefined : text);
}

async function answer(parsed: ParsedSignal, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const limit = env().PING_BODY_LIMIT;
  const body = await readBody(request, limit);
  send(response, await take(toSignal(parsed, request, body), limit));
}

/**
 * Answers a signal straight from `node:http`. True when the request was one and is taken care of; false leaves it,
 * untouched, to the rest of the application.
 */
export function frontDoor(request: IncomingMessage, response: ServerResponse): boolean {
  const line = {
    method: request.method ?? "GET",
    host: (request.headers.host ?? "").toLowerCase(),
    target: request.url ?? "/",
  };
  const parsed = parseSignal({ ...line, pingHost: env().PING_HOST });
  if (parsed === null) return false;
  if ("status" in parsed) {
    request.resume();
    send(response, refuse(parsed));
    return true;
  }
  answer(parsed, request, response).catch((error: unknown) => {
    // The client went away in the middle of its body: a signal that was not sent whole is none.
    log.debug({ err: error }, "signal broken off");
    response.destroy();
  });
  return true;
}
