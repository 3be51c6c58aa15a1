import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import { text } from "node:stream/consumers";

export type Received = { path: string; headers: IncomingHttpHeaders; body: string };

export type Receiver = {
  url: string;
  received: Received[];
  /** Resolves with the first request that `wanted` accepts, also one that has come already. */
  next: (wanted: (request: Received) => boolean) => Promise<Received>;
  close: () => void;
};

/** An HTTP receiver on 127.0.0.1 that answers everything with 200 and `reply`. */
export async function openReceiver(reply: object = {}): Promise<Receiver> {
  const received: Received[] = [];
  const looking: (() => void)[] = [];
  const server = createServer(async (request, response) => {
    received.push({ path: request.url ?? "", headers: request.headers, body: await text(request) });
    response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(reply));
    for (const look of looking) look();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    next: (wanted) =>
      new Promise((found) => {
        const look = (): void => {
          const match = received.find(wanted);
          if (match !== undefined) found(match);
        };
        looking.push(look);
        look();
      }),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
