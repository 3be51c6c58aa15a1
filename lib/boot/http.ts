import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { AppError } from "@/lib/core/errors";
import { log } from "@/lib/log";

export type Handler = (req: IncomingMessage, res: ServerResponse) => void;

const SECOND = 1000;
const REQUEST_ID = /^[A-Za-z0-9_-]{8,64}$/;

/** The port, held from the first moment of the start; until `open` every answer is 503. */
export class Door {
  readonly server: Server;
  #handle: Handler = (req, res) => plain(named(req, res).setHeader("Retry-After", "1"), 503, "starting\n");
  #closing = false;
  /** Every open connection, also one upgraded for hot reload, which the server itself no longer counts. */
  readonly #sockets = new Set<Socket>();

  constructor() {
    const limits = { headersTimeout: 20 * SECOND, requestTimeout: 120 * SECOND, keepAliveTimeout: 65 * SECOND };
    this.server = createServer({ ...limits, requireHostHeader: false }, (req, res) => this.#receive(req, res))
      .on("checkExpectation", (req: IncomingMessage, res: ServerResponse) => {
        identify(req);
        plain(named(req, res), 417, "expectation failed\n");
      })
      .on("clientError", refuse)
      .on("connection", (socket: Socket) => {
        this.#sockets.add(socket);
        socket.once("close", () => this.#sockets.delete(socket));
      });
  }

  /** Binds and returns the port. Throws one sentence when it is not to be had. */
  listen(host: string, port: number): Promise<number> {
    return new Promise((bound, failed) => {
      this.server.once("error", (error: NodeJS.ErrnoException) =>
        failed(new Error(whyNotBound(error, host, port), { cause: error })),
      );
      this.server.listen(port, host, () => {
        // Later ones, such as a lack of file descriptors, concern one connection and not the server.
        this.server.removeAllListeners("error").on("error", (error) => log.error({ err: error }, "could not accept"));
        const address = this.server.address();
        bound(typeof address === "object" && address !== null ? address.port : port);
      });
    });
  }

  /** From now on requests are answered by `handle`. */
  open(handle: Handler): void {
    this.#handle = handle;
  }

  /** Stops accepting and waits for what was accepted, as long as `patienceMs` lasts. */
  close(patienceMs: number): Promise<void> {
    this.#closing = true;
    const overdue = setTimeout(() => {
      for (const socket of this.#sockets) socket.destroy();
    }, patienceMs);
    return new Promise((closed) => {
      this.server.close(() => {
        clearTimeout(overdue);
        closed();
      });
    });
  }

  #receive(req: IncomingMessage, res: ServerResponse): void {
    identify(req);
    res.on("close", this.#answered);
    if (this.#closing) res.setHeader("Connection", "close");
    const refusal = whyBad(req);
    if (refusal === null) this.#handle(req, res);
    else plain(named(req, res), 400, refusal);
  }

  /** A connection kept open would keep `close` waiting. Made once, because it listens to every answer. */
  readonly #answered = (): void => {
    if (this.#closing) this.server.closeIdleConnections();
  };
}

/** Gives the request its id, where the front door and Next's route handlers read it. */
function identify(req: IncomingMessage): void {
  const given = req.headers["x-request-id"];
  if (typeof given !== "string" || !REQUEST_ID.test(given)) req.headers["x-request-id"] = randomUUID();
}

/** Puts the request's id on its answer. */
export function named(req: IncomingMessage, res: ServerResponse): ServerResponse {
  return res.setHeader("X-Request-Id", req.headers["x-request-id"] ?? "");
}

function whyBad(req: IncomingMessage): string | null {
  if (req.headers.host === undefined && req.httpVersion === "1.1") return "the Host header is missing\n";
  // Absolute-form targets are for proxies, which this is not.
  if (req.url?.startsWith("/") !== true) return "the request target must be a path\n";
  return isDecodable(req.url) ? null : "the path is not valid percent-encoded UTF-8\n";
}

function isDecodable(target: string): boolean {
  if (!target.includes("%")) return true;
  const [path = ""] = target.split("?", 1);
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/** Answers 405 to methods that no page or route knows, on which Next would stumble. True when it did. */
export function refuseMethod(req: IncomingMessage, res: ServerResponse): boolean {
  if (METHODS.includes(req.method ?? "")) return false;
  const allowed = METHODS.join(", ");
  const { status, title, code } = new AppError("method_not_allowed", "");
  const id = { request_id: req.headers["x-request-id"] };
  const problem = { type: "about:blank", title, status, detail: `This address takes ${allowed}.`, code, ...id };
  res.writeHead(status, { "Content-Type": "application/problem+json", "Cache-Control": "no-store", Allow: allowed });
  res.end(JSON.stringify(problem));
  return true;
}

function plain(res: ServerResponse, status: number, text: string): void {
  res.writeHead(status, { "Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store" }).end(text);
}

const CLIENT_ERRORS: Record<string, string> = {
  ERR_HTTP_REQUEST_TIMEOUT: "408 Request Timeout",
  HPE_HEADER_OVERFLOW: "431 Request Header Fields Too Large",
  HPE_CHUNK_EXTENSIONS_OVERFLOW: "413 Payload Too Large",
};

/** Answers what Node's parser could not make a request of. */
function refuse(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = CLIENT_ERRORS[error.code ?? ""] ?? "400 Bad Request";
  socket.end(`HTTP/1.1 ${status}\r\nX-Request-Id: ${randomUUID()}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
}

function whyNotBound(error: NodeJS.ErrnoException, host: string, port: number): string {
  if (error.code === "EADDRINUSE")
    return `PORT ${port} is already in use: stop the other program or choose another PORT.`;
  if (error.code === "EACCES") return `PORT ${port} may not be used by this user: choose a PORT above 1023.`;
  return `HOST ${host} cannot be listened on (${error.code}): it must be an address of this machine.`;
}
