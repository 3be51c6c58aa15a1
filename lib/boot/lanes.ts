import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { HEADERS_EVERYWHERE } from "@/lib/http/headers-everywhere";
import { BrokenOff, keepStart } from "@/lib/ingest/arrival";
import { log } from "@/lib/log";

type Params = Promise<Record<string, string>>;

/**
 * A route that is answered by its own handler straight from `node:http`, because Next alone would cost more than all it does.
 * Groups of `path` with names are its parameters.
 */
export type Lane = {
  method: "GET" | "POST";
  path: RegExp;
  handler: (request: Request, args: { params: Params }) => Promise<Response>;
  /** The handler reads the body itself, as far as it likes. */
  isStreamed?: boolean;
};

/** One more than a route reads, so that it sees that there is too much. */
const MAX_BODY = 1_000_001;

function headersOf(req: IncomingMessage): [string, string][] {
  return Object.entries(req.headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(", ") : value] satisfies [string, string]],
  );
}

/** Gives up waiting when the client goes away; only what is read may wait. */
function leaving(res: ServerResponse): AbortSignal {
  const gone = new AbortController();
  res.once("close", () => gone.abort());
  return gone.signal;
}

type Asked = { req: IncomingMessage; res: ServerResponse; url: URL; isStreamed: boolean };

async function requestOf({ req, res, url, isStreamed }: Asked): Promise<Request> {
  const headers = headersOf(req);
  if (req.method === "GET") return new Request(url, { headers, signal: leaving(res) });
  if (isStreamed) {
    const body = Readable.toWeb(req) as ReadableStream<Uint8Array>; // what a request of HTTP yields
    return new Request(url, { method: "POST", headers, body, duplex: "half" } as RequestInit); // the DOM's type lacks `duplex`
  }
  const body = await keepStart(req, MAX_BODY);
  return new Request(url, { method: "POST", headers, ...(body !== null && { body: new Uint8Array(body) }) });
}

async function answer(res: ServerResponse, response: Response): Promise<void> {
  const body = Buffer.from(await response.arrayBuffer());
  const headers = Object.fromEntries(response.headers);
  res.writeHead(response.status, { ...HEADERS_EVERYWHERE, ...headers, "content-length": body.length }).end(body);
}

/** Where it is, whatever the client calls the host: only the path and what follows it are looked at. */
function urlOf({ url = "/" }: IncomingMessage): URL | null {
  const text = `http://localhost${url}`;
  return URL.canParse(text) ? new URL(text) : null;
}

function failed(error: unknown, res: ServerResponse): void {
  // Without the request: its address may hold a key. Who goes away in the middle of a body asks nothing.
  if (error instanceof BrokenOff) log.debug({ err: error }, "request broken off");
  else log.error({ err: error }, "a route failed");
  res.destroy();
}

/** Answers what one of the lanes takes. True when one did; false leaves the request, untouched, to the rest. */
export function takeLane(lanes: readonly Lane[], req: IncomingMessage, res: ServerResponse): boolean {
  const url = urlOf(req);
  if (url === null) return false;
  for (const { method, path, handler, isStreamed = false } of lanes) {
    if (method !== req.method) continue;
    const found = path.exec(url.pathname);
    if (found === null) continue;
    requestOf({ req, res, url, isStreamed })
      .then((request) => handler(request, { params: Promise.resolve({ ...found.groups }) }))
      .then((response) => answer(res, response))
      .catch((error: unknown) => failed(error, res));
    return true;
  }
  return false;
}
