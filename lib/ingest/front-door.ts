import type { IncomingMessage, ServerResponse } from "node:http";
import { env } from "@/lib/env";
import { log } from "@/lib/log";
import { arrive, keepStart } from "./arrival";
import type { Dialect, SignalAnswer } from "./dialect";
import { take } from "./door";
import { parseSignal } from "./grammar";
import type { ParsedSignal } from "./signal";

function send(response: ServerResponse, { status, text, headers }: SignalAnswer): void {
  response.writeHead(status, { ...headers, ...(status !== 204 && { "Content-Length": Buffer.byteLength(text) }) });
  response.end(response.req.method === "HEAD" ? undefined : text);
}

function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(",") : value;
}

async function answer(request: IncomingMessage, dialect: Dialect, parsed: ParsedSignal): Promise<SignalAnswer> {
  const { PING_BODY_LIMIT, TRUSTED_PROXY_HOPS } = env();
  const signal = arrive(parsed, {
    method: request.method ?? "GET",
    header: (name) => headerOf(request, name),
    socket: request.socket.remoteAddress,
    hops: TRUSTED_PROXY_HOPS,
    body: await keepStart(request, PING_BODY_LIMIT),
  });
  return dialect.answer(await take(signal), signal, PING_BODY_LIMIT);
}

/**
 * Answers a signal straight from `node:http`. True when the request was one and is taken care of; false leaves it,
 * untouched, to the rest of the application.
 */
export function frontDoor(request: IncomingMessage, response: ServerResponse): boolean {
  const { method = "GET", url: target = "/" } = request;
  const host = (request.headers.host ?? "").toLowerCase();
  const found = parseSignal({ method, host, target, pingHost: env().PING_HOST });
  if (found === null) return false;
  const { dialect, parsed } = found;
  if ("status" in parsed) {
    request.resume();
    send(response, dialect.refuse(parsed));
    return true;
  }
  answer(request, dialect, parsed).then(
    (ready) => send(response, ready),
    (error: unknown) => {
      // The client went away in the middle of its body: a signal that was not sent whole is none.
      log.debug({ err: error }, "signal broken off");
      response.destroy();
    },
  );
  return true;
}
