import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import { env } from "@/lib/env";
import { log } from "@/lib/log";
import { BrokenOff, keepStart } from "./arrival";
import type { SignalAnswer } from "./dialect";
import { parseSignal } from "./grammar";
import { serve } from "./serve";

/** Headers are given all at once, which spares Node a second store of them for every answer. */
function send(response: ServerResponse, { status, text, headers }: SignalAnswer): void {
  const own: OutgoingHttpHeaders = {};
  const id = response.req.headers["x-request-id"];
  if (id !== undefined) own["X-Request-Id"] = id;
  if (status !== 204) own["Content-Length"] = Buffer.byteLength(text);
  response.writeHead(status, Object.assign(own, headers));
  response.end(response.req.method === "HEAD" ? undefined : text);
}

/** Whether a body follows (RFC 9112 §6). Reading one that does not would cost more than all else here. */
function hasBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || (headers["content-length"] ?? "0") !== "0";
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
  if ("status" in found.parsed) request.resume();
  const incoming = {
    method,
    target,
    headers: request.headers,
    socket: request.socket.remoteAddress,
    hops: env().TRUSTED_PROXY_HOPS,
    requestId: String(request.headers["x-request-id"] ?? ""),
    body: async (limit: number) => (hasBody(request) ? keepStart(request, limit) : null),
  };
  serve(found, incoming).then(
    (ready) => send(response, ready),
    (error: unknown) => {
      // The client went away in the middle of its body: a signal that was not sent whole is none.
      if (error instanceof BrokenOff) log.debug({ err: error }, "signal broken off");
      else log.error({ err: error }, "signal not answered, not even with what is wrong");
      response.destroy();
    },
  );
  return true;
}
