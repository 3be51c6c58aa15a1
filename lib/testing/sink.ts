import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

export type Received = { path: string; headers: IncomingHttpHeaders; body: string };

/** How a sink answers: a status with headers and body, by itself, or (`drop`) not at all once it has read everything. */
export type Reply =
  | { status: number; headers?: Record<string, string>; body?: string }
  | "drop"
  | ((response: ServerResponse) => unknown);

export type Sink = {
  url: string;
  received: Received[];
  /** Resolves when this many requests have come in. */
  got: (count: number) => Promise<void>;
};

/** A real HTTP receiver on 127.0.0.1 that answers by the script, its last reply for ever. Closed after the test. */
export async function openSink(...script: Reply[]): Promise<Sink> {
  const received: Received[] = [];
  const waiting: { count: number; done: () => void }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const reply = script[Math.min(received.length, script.length - 1)] ?? { status: 200 };
      received.push({ path: request.url ?? "", headers: request.headers, body: Buffer.concat(chunks).toString() });
      for (const one of waiting) if (received.length >= one.count) one.done();
      answer(response, reply);
    });
  });
  const url = await listen(server);
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const got = (count: number) =>
    new Promise<void>((done) => {
      if (received.length >= count) done();
      else waiting.push({ count, done });
    });
  return { url, received, got };
}

function answer(response: ServerResponse, reply: Reply): void {
  if (typeof reply === "function") reply(response);
  else if (reply === "drop") response.destroy();
  else response.writeHead(reply.status, reply.headers).end(reply.body);
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve) => {
    // A TCP server has no other kind of address.
    server.listen(0, "127.0.0.1", () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
}
